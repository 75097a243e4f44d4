import { ClassType, Field, ObjectType } from 'type-graphql';
import { CursorScalar } from './scalars';

/** Where a page of a connection begins and ends (Relay). */
@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where this page begins and ends, and whether more follows.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more items follow this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the page was asked for after a cursor, so that items may precede it.' })
  hasPreviousPage!: boolean;

  @Field(() => CursorScalar, { nullable: true, description: 'Cursor of the first item of this page; null where the page is empty.' })
  startCursor!: string | null;

  @Field(() => CursorScalar, { nullable: true, description: 'Cursor of the last item; hand it back as `after` for the next page.' })
  endCursor!: string | null;
}

/** What a connection holds; every connection class has this shape. */
export interface Page<T> {
  readonly nodes: T[];
  readonly edges: { readonly node: T; readonly cursor: string }[];
  readonly pageInfo: PageInfo;
}

/**
 * The connection type of a node class, by Relay: `connectionOf(LedgerEntry, 'LedgerEntry')` gives the class of
 * `LedgerEntryConnection` with its edges. Call it once per node class and export the result.
 */
export function connectionOf<T extends object>(nodeClass: ClassType<T>, name: string): ClassType<Page<T>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${name} of a list with its cursor.` })
  class Edge {
    @Field(() => nodeClass, { description: `The ${name} itself.` })
    node!: T;

    @Field(() => CursorScalar, { description: 'The place of this item in the list.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of a list of ${name}.` })
  class Connection implements Page<T> {
    @Field(() => [nodeClass], { description: 'The items of this page, without their cursors.' })
    nodes!: T[];

    @Field(() => [Edge], { description: 'The items of this page, each with its cursor.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Where this page begins and ends.' })
    pageInfo!: PageInfo;
  }
  return Connection;
}

export interface PageRequest {
  readonly first: number;
  readonly after?: string | null;
}

/**
 * Makes a page of rows that were read with `limit first + 1`: the extra row only says that more follows.
 * @param toCursor the row's sort keys as a cursor (`encodeCursor`).
 */
export function pageOf<R, T>(rows: readonly R[], request: PageRequest, toNode: (row: R) => T, toCursor: (row: R) => string): Page<T> {
  const edges = rows.slice(0, request.first).map((row) => ({ node: toNode(row), cursor: toCursor(row) }));
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      hasNextPage: rows.length > request.first,
      hasPreviousPage: request.after !== null && request.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges[edges.length - 1]?.cursor ?? null,
    },
  };
}
