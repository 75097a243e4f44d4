import { normaliseSnssai, readSnssai, snssaiText } from './snssai.rules';

describe('an S-NSSAI', () => {
  const spelled: [number, string | null | undefined, string | null][] = [
    [1, null, '1'], [1, undefined, '1'], [1, '', '1'], [0, null, '0'], [255, '000001', '255-000001'],
    [1, '00ab3f', '1-00AB3F'], [1, '0x00ab3f', '1-00AB3F'], [1, '0X00AB3F', '1-00AB3F'],
    [1, 'ffffff', '1'], [1, '0xFFFFFF', '1'], [1, '000000', '1-000000'],
    [256, null, null], [-1, null, null], [1.5, null, null], [NaN, null, null], [1, '00ab3', null], [1, '00ab3g', null], [1, '0x', null], [1, ' 00ab3f', null],
  ];
  it.each(spelled)('sst %p and sd %p are %p', (sst, sd, text) => {
    const found = normaliseSnssai(sst, sd);
    expect(found && snssaiText(found)).toBe(text);
  });

  const texts: [string, string | null][] = [
    ['1', '1'], ['001', '1'], ['1-0x00ab3f', '1-00AB3F'], ['2-ffffff', '2'], ['300', null], ['', null], ['a', null], ['1-', null], ['1-zz', null], ['1-00AB3F-', null],
  ];
  it.each(texts)('the text %p is %p', (given, text) => {
    const found = readSnssai(given);
    expect(found && snssaiText(found)).toBe(text);
  });
});
