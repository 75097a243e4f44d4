import { Field, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, encodeId, Node } from '../platform/graphql';
import type { SharingGroupEntity } from './sharing-group.entity';

@ObjectType('SharingGroup', {
  implements: Node, simpleResolvers: true,
  description: 'Accounts that may draw on one account\'s shared buckets and credit limit.',
})
export class SharingGroup extends Node {
  @Field(() => String, { description: 'The group\'s name.' })
  readonly name!: string;

  @Field(() => Int, { description: 'Raised by every change of the group.' })
  readonly version!: number;

  @Field(() => DateTimeScalar, { description: 'When the group was founded.' })
  readonly createdAt!: Date;

  /** The owner's account, which is the root of all members. */
  readonly rootId!: bigint;
}

export const sharingGroupOf = (row: SharingGroupEntity): SharingGroup =>
  Object.assign(new SharingGroup(), {
    id: encodeId('SharingGroup', row.rootId), name: row.name, version: row.version, createdAt: row.createdAt, rootId: row.rootId,
  });
