import { writeFile } from 'node:fs/promises';
import { billDocument, billIdParts, renderBill } from '../invoicing';
import { StartupError } from '../platform/config';
import { Command, UsageError } from './command';
import { withRooms } from './rooms';

/** Writes an issued bill as PDF; the same bill gives the same file. */
export const command: Command = {
  name: 'bill pdf',
  summary: 'Write an issued bill or statement as PDF.',
  usage: 'ID --out FILE',
  options: { out: { type: 'string', placeholder: 'FILE', description: 'File to write.' } },
  async run(args, io) {
    const out = args.text('out');
    if (!out) throw new UsageError('--out is required.');
    const [id, ...more] = args.positionals;
    if (id === undefined || more.length > 0) throw new UsageError('Name one bill by its id.');
    const key = billIdParts(id);
    const written = await withRooms(io.config(), async ({ pool }) => {
      const document = key && await billDocument(pool, key);
      if (!document) throw new StartupError('There is no issued bill with this id.');
      const pdf = await renderBill(document);
      await writeFile(out, pdf).catch((error: Error) => { throw new StartupError(`The file ${out} cannot be written (${error.message}): name another one by --out.`); });
      return { file: out, number: document.number, bytes: pdf.length };
    });
    io.out(args.json ? JSON.stringify(written) : `${written.number} was written to ${written.file}.`);
    return 0;
  },
};
