import { Refusal } from '../platform/errors';
import { checkedExternalId, checkedName, checkedOptionalName } from './text.rules';

const refusedPath = (check: () => unknown): readonly string[] | null => {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof Refusal && error.userError.code === 'INVALID_INPUT') return error.userError.path;
    throw error;
  }
};

describe('names', () => {
  it.each([
    ['a name', 'Ann', 'Ann'],
    ['blanks around it', '  Ann  ', 'Ann'],
    ['letters with marks, composed', 'Zoe\u0308', 'Zo\u00eb'],
    ['other scripts', '李小龙', '李小龙'],
    ['a character outside the first plane counts once', '𝒜'.repeat(200), '𝒜'.repeat(200)],
    ['a name with the signs of SQL', `O'Brien"; drop table party --`, `O'Brien"; drop table party --`],
  ])('keep %s', (_, text, expected) => {
    expect(checkedName(text, ['name'])).toBe(expected);
  });

  it.each([
    ['nothing', ''], ['blanks only', ' \u00a0 '], ['201 characters', 'a'.repeat(201)], ['U+0000', 'a\u0000b'], ['a line end', 'a\nb'],
    ['a tab at the end', 'a\t'], ['a lone high surrogate', 'a\ud800'], ['a lone low surrogate', '\udc00a'],
    ['a line separator', 'a\u2028b'], ['a direction override', 'a\u202eb'], ['a control of the second range', 'a\u0085b'],
    ['a card number', 'Ann 4242 4242 4242 4242'],
  ])('refuse %s', (_, text) => {
    expect(refusedPath(() => checkedName(text, ['familyName']))).toEqual(['familyName']);
  });

  it('may be absent where they may, and are checked where they are not', () => {
    expect([checkedOptionalName(null, []), checkedOptionalName(undefined, []), checkedOptionalName(' A ', [])]).toEqual([null, null, 'A']);
    expect(refusedPath(() => checkedOptionalName('', ['givenName']))).toEqual(['givenName']);
  });
});

describe('external ids', () => {
  it('are kept letter by letter', () => {
    expect(checkedExternalId('CRM-4711/a', [])).toBe('CRM-4711/a');
  });

  it.each(['', 'a b', 'é', 'a\u0000', 'a'.repeat(101), '4242424242424242'])('refuse %j', (text) => {
    expect(refusedPath(() => checkedExternalId(text, ['externalId']))).toEqual(['externalId']);
  });
});
