import { Variable, VARIABLES } from './variables';

const defaultOf = (name: Variable): string => {
  const value: unknown = VARIABLES[name].default;
  return value === undefined || (Array.isArray(value) && value.length === 0) ? '' : `\`${String(value)}\``;
};

/** The table of docs/configuration.md: one line a variable, in Markdown. */
export function configTable(): string {
  const rows = (Object.keys(VARIABLES) as Variable[])
    .map((name) => `| \`${name}\` | ${VARIABLES[name].desc} | ${VARIABLES[name].example} | ${defaultOf(name)} |`);
  return ['| variable | what it does | form | default |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
