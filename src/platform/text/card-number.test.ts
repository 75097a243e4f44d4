import { holdsCardNumber, passesLuhn } from './card-number';

test.each([
  ['plain', '4111111111111111'],
  ['with dashes', '4111-1111-1111-1111'],
  ['with blanks', '4242 4242 4242 4242'],
  ['with blanks that do not break', '4242\u00a04242\u00a04242\u00a04242'],
  ['with long dashes', '4242\u20134242\u20134242\u20134242'],
  ['behind a word', 'pan:4111111111111111'],
  ['inside a sentence', 'paid with 378282246310005, twice'],
  ['in groups of another issuer', '3782 822463 10005'],
  ['of nineteen digits', '6304000000000000000'],
  ['of the second range', '2223003122003222'],
  ['before another number', '4111 1111 1111 1111 12'],
  ['behind another number', '7 4111 1111 1111 1111'],
  ['in full-width digits', '４２４２４２４２４２４２４２４２'],
])('a card number %s is found', (_, text) => {
  expect(holdsCardNumber(text)).toBe(true);
});

test.each([
  ['a name', 'Ann Example the 3rd'],
  ['a wrong check digit', '4111111111111112'],
  ['too few digits', '424242424242'],
  ['too many digits', '41111111111111110000'],
  ['a telephone number', '+353 86 123 4567'],
  ['milliseconds', 'till-1732812345675'],
  ['a day and a number', '20261128-0000006'],
  ['digits between letters', '4111a1111b1111c1111'],
  ['a UUID, though of digits', '4f2b8c1e-4111-1111-1111-1111a1b2c3d4'],
])('%s is none', (_, text) => {
  expect(holdsCardNumber(text)).toBe(false);
});

test.each([['4111111111111111', true], ['79927398713', true], ['4111111111111121', false], ['0', true]])('the check digit of %s: %p', (digits, holds) => {
  expect(passesLuhn(digits)).toBe(holds);
});
