import { Field, ID, InterfaceType } from 'type-graphql';
import type { RequestContext } from '../../context';
import type { NodeType } from './node-id';

/** An object with an id of its own (Relay). Classes that implement it are returned as instances, so that their type is known. */
@InterfaceType('Node', { description: 'An object that can be fetched again by its id.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque id of the object.' })
  readonly id!: string;
}

/**
 * Fetches one object by the parts of its id. It checks ownership like any other read: a foreign object and one that
 * does not exist both give null.
 */
export type NodeLoader = (parts: readonly string[], context: RequestContext) => Promise<Node | null>;

const loaders = new Map<NodeType, NodeLoader>();

/** Makes objects of a type reachable through `node(id)`. Called once per type, where the room declares the type. */
export function registerNode(type: NodeType, load: NodeLoader): void {
  if (loaders.has(type)) throw new Error(`Node type ${type} is registered twice.`);
  loaders.set(type, load);
}

/** The loader of a type, or undefined where the type cannot be fetched by id. */
export const nodeLoader = (type: NodeType): NodeLoader | undefined => loaders.get(type);
