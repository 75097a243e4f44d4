import { registerEnumType } from 'type-graphql';

/** Registers a closed set, given as its members with their descriptions, as a GraphQL enum whose values are their own names. */
export function describedEnum<K extends string>(
  name: string, description: string, members: { readonly [M in K]: string },
): { readonly [M in K]: M } {
  const names = Object.keys(members) as K[];
  const values = Object.fromEntries(names.map((member) => [member, member])) as { [M in K]: M };
  const valuesConfig = Object.fromEntries(
    names.map((member) => [member, { description: members[member] }]),
  ) as { [M in K]: { description: string } };
  registerEnumType(values, { name, description, valuesConfig });
  return values;
}
