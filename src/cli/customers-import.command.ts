import { columnsOfMapping, readCustomerMapping } from '../onboarding';
import { openWhole } from '../usage/import';
import { Command } from './command';
import { customersLines, importCustomers } from './customers-import';
import { complaintOf, INTERRUPTED, mappingText, rejectsOf, requireOneFile, requireText, stopSignal, tenantOf } from './import-command';
import { withRooms } from './rooms';

/** Imports customers with the services each has; safe to run again, beside servers, and after a kill. */
export const command: Command = {
  name: 'customers import',
  summary: 'Make customers with accounts and ordered products of a CSV or JSON-lines file; docs/customers-import.md shows mappings.',
  usage: 'FILE --mapping FILE --tenant CODE',
  options: {
    mapping: { type: 'string', placeholder: 'FILE', description: 'What the columns mean, in YAML.' },
    tenant: { type: 'string', placeholder: 'CODE', description: 'Tenant whose customers these are.' },
    'create-offerings': { type: 'boolean', description: 'First put on sale what the mapping\'s catalog lists and the tenant does not sell.' },
    'dry-run': { type: 'boolean', description: 'Check every row against the mapping and what is there; store nothing.' },
    rejects: { type: 'string', placeholder: 'FILE', description: 'Where rejected rows go; FILE.rejects.csv or .jsonl by default.' },
  },
  async run(args, io) {
    const stop = stopSignal();
    const [file, mappingFile, tenantCode] = [requireOneFile(args, 'import'), requireText(args, 'mapping'), requireText(args, 'tenant')];
    const rejects = rejectsOf(args, [file, mappingFile]);
    try {
      const mapping = readCustomerMapping(await mappingText(mappingFile), mappingFile);
      const whole = await openWhole(file, mapping, columnsOfMapping(mapping), stop);
      const summary = await withRooms(io.config(), async (rooms) => importCustomers({
        rooms, tenant: await tenantOf(rooms, tenantCode), file, whole, mapping, mappingFile, createsOfferings: args.flag('create-offerings') && !args.flag('dry-run'),
        isDryRun: args.flag('dry-run'), rejectsPath: rejects ?? `${file}.rejects.${whole.format}`, showsProgress: io.isTerminal && !args.json, stop,
      }));
      if (args.json) io.out(JSON.stringify(summary));
      else customersLines(summary).forEach((line) => io.out(line));
      return summary.stoppedBeforeRow === null ? 0 : INTERRUPTED;
    } catch (error) {
      io.err(complaintOf(error, 'What is imported stays'));
      return 1;
    }
  },
};
