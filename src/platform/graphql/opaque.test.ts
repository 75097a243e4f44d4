import * as fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor';
import { decodeId, decodeNumericId, encodeId, typeOfId } from './node-id';

const part = fc.oneof(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), fc.maxSafeInteger(), fc.string({ maxLength: 20 }));

test('an id gives back its parts, and only as its own type', () => {
  fc.assert(fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
    const id = encodeId('Bucket', ...parts);
    expect(decodeId(id, 'Bucket')).toEqual(parts.map(String));
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

test('any text is read or refused, never an exception', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
    expect(() => decodeId(text, 'Bucket')).not.toThrow();
  }));
});

const text = (value: string): string => Buffer.from(value).toString('base64url');
test.each([
  ['empty', ''],
  ['not base64url', 'Bucket:1'],
  ['padded spelling', `${text('Bucket:12')}=`],
  ['bytes that are no text', Buffer.from([0xff, 0xfe]).toString('base64url')],
  ['two parts', text('Bucket:1:2')],
  ['no part', text('Bucket')],
  ['hexadecimal', text('Bucket:0x10')],
  ['leading zero', text('Bucket:01')],
  ['above 64 bits', text('Bucket:9223372036854775808')],
  ['SQL', text("Bucket:1' or '1'='1")],
  ['broken escape', text('Bucket:%E0%A4%A')],
])('a forged id names nothing: %s', (_what, id) => {
  expect(decodeNumericId(id, 'Bucket')).toBeNull();
});
