import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { exampleFiles, EXAMPLES_FOLDER, IDENTITIES, readExample, STEPS } from '../../src/tour';

const schema = buildSchema(readFileSync(join(__dirname, '..', '..', 'schema', 'schema.graphql'), 'utf8'));

/** The operations of examples/, as the tour sends them. */
describe('the examples', () => {
  it('are told by the tour, each once and in their order', () => {
    expect(STEPS.map(({ example }) => example)).toEqual(exampleFiles());
  });

  it('are sixty at most', () => {
    expect(exampleFiles().flatMap(readExample).length).toBeLessThanOrEqual(60);
  });

  it.each(exampleFiles())('%s fits the schema, whole and by operation', (file) => {
    const whole = readFileSync(join(EXAMPLES_FOLDER, `${file}.graphql`), 'utf8');
    expect(whole).toMatch(/^# \S/);
    expect(validate(schema, parse(whole))).toEqual([]);
    for (const { text, identity } of readExample(file)) {
      expect(validate(schema, parse(text))).toEqual([]);
      expect(Object.keys(IDENTITIES)).toContain(identity);
    }
  });

  it('have names of their own', () => {
    const names = exampleFiles().flatMap(readExample).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('ask for nothing that no example before them tells', () => {
    const told = new Set<string>();
    for (const { example, learn = {} } of STEPS) {
      const operations = readExample(example);
      operations.forEach(({ name, variables }, at) => {
        const earlier = operations.slice(0, at).map((one) => one.name);
        const here = Object.entries(learn).filter(([, path]) => earlier.includes(path.split('.')[0]!)).map(([known]) => known);
        for (const variable of variables) expect([name, variable, told.has(variable) || here.includes(variable)]).toEqual([name, variable, true]);
      });
      for (const [known, path] of Object.entries(learn)) {
        expect(operations.map(({ name }) => name)).toContain(path.split('.')[0]);
        told.add(known);
      }
    }
  });
});
