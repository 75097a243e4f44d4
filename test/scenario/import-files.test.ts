import { readFileSync } from 'node:fs';
import { ImportError, openChecked, readMapping } from '../../src/usage/import';
import { books, ImportBench, MAPPING, openImportBench } from './import-support';

const HEADER = 'index,date,duration,item,month,network,network_type';
const CALL = '1,15/10/14 06:58,13,call,2014-11,Vodafone,mobile';
const fileOf = (...lines: string[]): string => `${[HEADER, ...lines].join('\n')}\n`;
const NOTHING = { charged: 0, compared: 0, duplicates: 0, refused: {}, quarantined: {}, rejected: {} };

let bench: ImportBench;
beforeAll(async () => {
  bench = await openImportBench();
});
afterAll(() => bench.dispose());

const complaintOf = async (file: string): Promise<string> => {
  const mapping = readMapping(readFileSync(MAPPING, 'utf8'), MAPPING);
  try {
    await openChecked(file, mapping);
    return 'none';
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    return error.message.replace(bench.folder, '');
  }
};

describe('a file that cannot be imported', () => {
  test.each<[string, string | Buffer, string]>([
    ['empty', '', '/f, row 1: the file is empty; its first row must name the columns.'],
    ['a missing column', fileOf(CALL).replace('duration', 'length'),
      '/f, row 1, column "duration": the mapping names this column, and the file has only index, date, length, item, month, network, network_type.'],
    ['a column twice', fileOf(CALL).replace('month', 'date'), '/f, row 1, column "date": the file has this column twice.'],
    ['a short row', fileOf(CALL, '2,15/10/14 06:58,13'), '/f, row 3, column "item": the row has 3 columns and the header 7.'],
    ['a long row', fileOf(`${CALL},x`), '/f, row 2, column "number 9": the row has 8 columns and the header 7.'],
    ['a quote that is not closed', fileOf(CALL, '2,"15/10/14 06:58,13,call,2014-11,Vodafone,mobile'),
      '/f, row 3, column "date": a quote is opened here and not closed before the end of the file.'],
    ['bytes that are no UTF-8', Buffer.from(fileOf(CALL, CALL.replace('Vodafone', 'Vod\u00e4fone')), 'latin1'),
      '/f, row 3, column "network": the bytes are not UTF-8 text; save the file as UTF-8 (an export as UTF-16, or a zipped or binary file, is not).'],
    ['a NUL byte', fileOf(CALL.replace('Vodafone', 'Voda\0fone')),
      '/f, row 2, column "network": the bytes are not UTF-8 text; save the file as UTF-8 (an export as UTF-16, or a zipped or binary file, is not).'],
    ['UTF-16', Buffer.from(fileOf(CALL), 'utf16le'),
      '/f, row 1, column "index": the bytes are not UTF-8 text; save the file as UTF-8 (an export as UTF-16, or a zipped or binary file, is not).'],
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${fileOf(CALL)}`, 'utf16le'),
      '/f, row 1, column "index": the bytes are not UTF-8 text; save the file as UTF-8 (an export as UTF-16, or a zipped or binary file, is not).'],
    ['UTF-16 of the other order', Buffer.from(`\uFEFF${fileOf(CALL)}`, 'utf16le').swap16(),
      '/f, row 1, column "index": the bytes are not UTF-8 text; save the file as UTF-8 (an export as UTF-16, or a zipped or binary file, is not).'],
  ])('%s', async (_, content, complaint) => {
    const message = await complaintOf(bench.file('f', content));
    // A name that is broken itself is told as its readable part.
    expect(message).toBe(complaint);
  });

  it('is UTF-16 with its mark as JSON lines too', async () => {
    const lines = Buffer.from('\uFEFF{"index":"1"}\n', 'utf16le');
    expect(await complaintOf(bench.file('f.jsonl', lines))).toMatch(/^\/f\.jsonl, row 1: the bytes are not UTF-8 text; save the file as UTF-8/);
  });

  it('has no end of line within reason, and is refused in little memory', async () => {
    const file = bench.file('f', `${HEADER}\n${'x'.repeat(10_000_000)}`);
    const before = process.memoryUsage().rss;
    expect(await complaintOf(file)).toMatch(/^\/f, row 2, column "index": the row is longer than 65536 bytes/);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
    const lines = bench.file('f.jsonl', `{"index":"${'x'.repeat(10_000_000)}"}`);
    expect(await complaintOf(lines)).toBe('/f.jsonl, row 1: the line is longer than 65536 bytes.');
  });

  it('does not exist', async () => {
    expect(await complaintOf('/nowhere/f.csv')).toBe('/nowhere/f.csv: there is no such file that can be read.');
  });

  it('leaves nothing behind, even where its fault is in the last row', async () => {
    const before = await books(bench.db);
    const rows = Array.from({ length: 3_000 }, (_, index) => CALL.replace('1,', `${index},`));
    await expect(bench.run(bench.file('f', fileOf(...rows, '9,15/10/14')))).rejects.toThrow('row 3002, column "duration"');
    expect(await books(bench.db)).toEqual(before);
    expect((await bench.db.ownerPool.query('select from usage_import')).rowCount).toBe(0);
  });
});

describe('rows that cannot become a usage', () => {
  it('go to the rejects file with row, reason and their columns; their neighbours are charged', async () => {
    const rejectsPath = `${bench.folder}/bad.csv`;
    const summary = await bench.run(bench.file('mixed.csv', fileOf(
      CALL.replace('1,', 'a1,'),
      'a2,31/11/2014 10:00,13,call,2014-11,Vodafone,mobile',
      'a3,15/10/14 06:58,1e3,call,2014-11,Vodafone,mobile',
      'a4,15/10/14 06:58,-5,call,2014-11,Vodafone,mobile',
      'a5,15/10/14 06:58,0.0000001,data,2014-11,data,data',
      'a6,15/10/14 06:58,13,fax,2014-11,"Voda, ""fone""",mobile',
      ',15/10/14 06:58,13,call,2014-11,Vodafone,mobile',
      'a8,15/10/14 06:58,9223372036854775808,call,2014-11,Vodafone,mobile',
      'a9,15/10/14 06:58,13,call,2014-11,"Voda\nfone",mobile',
      '',
      'a11,15/10/14 06:58,12,call,2014-11,Vodafone,mobile',
    )), { rejectsPath });
    expect(summary).toMatchObject({
      rows: 10, rejectsFile: rejectsPath, counts: {
        ...NOTHING, charged: 2,
        rejected: { INVALID_TIME: 1, INVALID_QUANTITY: 3, INEXACT_QUANTITY: 1, UNKNOWN_VALUE: 1, MISSING_VALUE: 1, INVALID_VALUE: 1 },
      },
    });
    const written = readFileSync(rejectsPath, 'utf8');
    expect(written.split('\n')[0]).toBe(`row,reason,message,${HEADER}`);
    expect(written).toContain('\n3,INVALID_TIME,"Column ""date"" has ""31/11/2014 10:00"", which is no time by DD/MM/YY HH:mm or D/M/YYYY H:mm.",a2,31/11/2014 10:00,13,call');
    expect(written).toContain(',"Voda, ""fone""",mobile\n');
    expect(written.match(/^\d+,[A-Z_]+,/gm)).toEqual([
      '3,INVALID_TIME,', '4,INVALID_QUANTITY,', '5,INVALID_QUANTITY,', '6,INEXACT_QUANTITY,', '7,UNKNOWN_VALUE,', '8,MISSING_VALUE,',
      '9,INVALID_QUANTITY,', '10,INVALID_VALUE,',
    ]);
  });

  it('can be mended in the rejects file and imported from it', async () => {
    const mended = readFileSync(`${bench.folder}/bad.csv`, 'utf8').replaceAll('31/11/2014', '30/11/2014');
    const summary = await bench.run(bench.file('mended.csv', mended));
    expect(summary.counts).toMatchObject({ charged: 1, duplicates: 0 });
  });

  it('that name nobody are put aside, and conflict where an id comes with another content', async () => {
    const before = bench.file('conflict.csv', fileOf(CALL.replace('1,', 'a1,').replace(',13,', ',14,')));
    expect((await bench.run(before)).counts).toEqual({ ...NOTHING, quarantined: { USAGE_CONFLICT: 1 } });
    const mapping = bench.file('nobody.yaml', readFileSync(MAPPING, 'utf8').replace('353209100201', '353209999999'));
    expect((await bench.run(bench.file('nobody.csv', fileOf(CALL)), { mappingFile: mapping })).counts)
      .toEqual({ ...NOTHING, quarantined: { UNKNOWN_SUBSCRIBER: 1 } });
  });
});

describe('files that differ in form alone', () => {
  const count = async (file: string): Promise<number> => {
    const { counts } = await bench.run(file);
    return counts.charged + counts.duplicates;
  };
  test.each<[string, string | Buffer]>([
    ['a byte order mark', `\uFEFF${fileOf(CALL)}`],
    ['CRLF', fileOf(CALL).replaceAll('\n', '\r\n')],
    ['no line end behind the last row', fileOf(CALL).trimEnd()],
    ['quotes around everything', fileOf(CALL).replace(/[^,\n]+/g, '"$&"')],
    ['a blank line in between', `${HEADER}\n\n${CALL}\n\n`],
  ])('%s', async (_, content) => expect(await count(bench.file('form.csv', content))).toBe(1));

  it('a header only is no rows', async () => {
    expect(await bench.run(bench.file('header.csv', `${HEADER}\n`))).toMatchObject({ rows: 0, money: [], counts: NOTHING });
  });

  it('JSON lines, whose numbers keep their digits', async () => {
    const lines = [
      '{"index":"j1","date":"15/10/14 06:58","duration":34.429,"item":"data","network":"data","network_type":"data"}',
      '', '{"index":"j2","date":"15/10/14 06:58","duration":99999999.999999,"item":"data","network":"data","network_type":"data"}\r',
      '{"index":"j3","date":"15/10/14 06:58","duration":null,"item":"data","network":"data","network_type":"data"}',
    ];
    const summary = await bench.run(bench.file('log.jsonl', lines.join('\n')), { rejectsPath: `${bench.folder}/log.rejects.jsonl` });
    expect(summary.counts).toEqual({ ...NOTHING, charged: 2, rejected: { INVALID_QUANTITY: 1 } });
    const { rows } = await bench.db.ownerPool.query("select quantity::text from charge where event_id in ('one-subscriber-j1', 'one-subscriber-j2') order by event_id");
    expect(rows).toEqual([{ quantity: '34429000' }, { quantity: '99999999999999' }]);
    expect(JSON.parse(readFileSync(`${bench.folder}/log.rejects.jsonl`, 'utf8'))).toMatchObject({ row: 4, reason: 'INVALID_QUANTITY', index: 'j3' });
  });
});
