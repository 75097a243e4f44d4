import type { DataSource } from 'typeorm';
import { refuse } from '../platform/errors';
import { raiseSetupVersion } from '../platform/root';
import { Actor, businessNow, changeAudited } from '../tenant';
import { lockOpenAccount } from './account.store';
import { refusingTaken } from './party.constraints';
import { SharingGroupEntity } from './sharing-group.entity';
import { SharingGroupMemberEntity } from './sharing-group-member.entity';
import { checkedName } from './text.rules';

export interface NewSharingGroup {
  /** The account whose root becomes the group's: its buckets and credit limit are what the members may draw on. */
  readonly ownerAccountId: bigint;
  readonly name: string;
}

/** Founds sharing groups; accounts join one when they are created. */
export class SharingGroupService {
  constructor(private readonly data: DataSource) {}

  /** Founds a group on the owner's root. @throws Refusal INVALID_INPUT, NOT_FOUND, CONFLICT, ALREADY_EXISTS */
  create(actor: Actor, input: NewSharingGroup): Promise<SharingGroupEntity> {
    const { tenantId } = actor;
    const name = checkedName(input.name, ['name']);
    const object = { type: 'SharingGroup', id: input.ownerAccountId.toString() };
    return changeAudited(this.data, actor, 'sharingGroupCreate', object, async (change) => {
      const owner = await lockOpenAccount(change, tenantId, input.ownerAccountId, ['ownerAccountId']);
      if (owner.rootId !== owner.id) refuse('CONFLICT', 'The account draws on another group\'s root.', ['ownerAccountId']);
      const root = { shard: owner.shard, rootId: owner.rootId };
      await refusingTaken(change.manager.insert(SharingGroupEntity, { ...root, tenantId, name }));
      const validFrom = await businessNow(change.client, tenantId);
      await change.manager.insert(SharingGroupMemberEntity, { ...root, accountId: owner.id, tenantId, validFrom });
      await raiseSetupVersion(change.client, root);
      const group = await change.manager.findOneByOrFail(SharingGroupEntity, root);
      return { result: group, audit: { objectType: object.type, objectId: object.id, after: { ownerAccountId: object.id } } };
    });
  }
}
