import * as fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor';
import { decodeId, decodeNumericId, encodeId, typeOfId } from './node-id';

const part = fc.oneof(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), fc.maxSafeInteger(), fc.string({ maxLength: 20 }));

test('an id gives back its parts, and only as its own type', () => {
  fc.assert(fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
    const id = encodeId('Bucket', ...parts);
    expect(decodeId(id, 'Bucket')).toEqual(parts.length === 2 ? parts.map(String) : null);
    expect(decodeId(id, 'Charge')).toBeNull();
    expect(typeOfId(id)).toBe('Bucket');
  }));
});

test('a cursor is no id and of one list only', () => {
  const cursor = encodeCursor('Bucket', 7n, 12);
  expect(decodeCursor(cursor, 'Bucket')).toEqual(['7', '12']);
  expect(decodeCursor(cursor, 'Charge')).toBeNull();
  expect(decodeId(cursor, 'Bucket')).toBeNull();
});

test.each([['one part too few', 'Bucket:7'], ['one part too many', 'Bucket:7:0:0'], ['an empty part', 'Bucket:7:0:'], ['an escape', 'Bucket:7:%30']])(
  'an object has one id: %s', (_what, inside) => {
    const id = Buffer.from(inside).toString('base64url');
    expect([decodeId(Buffer.from('Bucket:7:0').toString('base64url'), 'Bucket'), decodeId(id, 'Bucket')]).toEqual([['7', '0'], null]);
  });

test('any text is read or refused, never an exception', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
    expect(() => decodeId(text, 'Bucket')).not.toThrow();
  }));
});

const text = (value: string): string => Buffer.from(value).toString('base64url');
test.each([
  ['empty', ''],
  ['not base64url', 'Product:1'],
  ['padded spelling', `${text('Product:12')}=`],
  ['bytes that are no text', Buffer.from([0xff, 0xfe]).toString('base64url')],
  ['two parts', text('Product:1:2')],
  ['no part', text('Product')],
  ['hexadecimal', text('Product:0x10')],
  ['leading zero', text('Product:01')],
  ['above 64 bits', text('Product:9223372036854775808')],
  ['SQL', text("Product:1' or '1'='1")],
  ['an escape that is not needed', text('Product:%31')],
  ['broken escape', text('Product:%E0%A4%A')],
])('a forged id names nothing: %s', (_what, id) => {
  expect(decodeNumericId(id, 'Product')).toBeNull();
});
