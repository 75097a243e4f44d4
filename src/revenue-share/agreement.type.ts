import { Field, Int, ObjectType } from 'type-graphql';
import { ChargeKindEnum, type ChargeKind } from '../charging/charge.type';
import { connectionOf, CurrencyCodeScalar, DateTimeScalar, DecimalScalar, encodeId, Money, moneyOf, Node, Quantity, quantityOf } from '../platform/graphql';
import { amount, quantity } from '../platform/money';
import { agreementStateAt, type AgreementState, type StoredAgreementState } from './agreement.rules';
import type { PartRow } from './agreement.store';
import { AgreementStateEnum, ShareBasisEnum, ShareModelEnum } from './share.enums';
import type { ShareBasis, ShareModel } from './share.rules';

@ObjectType('UnitShare', { simpleResolvers: true, description: 'An amount for every so many units.' })
export class UnitShare {
  @Field(() => Money, { description: 'The amount, exact to six decimals.' })
  readonly amount!: Money;

  @Field(() => Quantity, { description: 'For how many units it is; charges that are measured in another unit give nothing.' })
  readonly per!: Quantity;
}

/** A party; the partner itself is a field resolver. */
@ObjectType('AgreementParty', { simpleResolvers: true, description: 'Who receives what of every charge that an item is about.' })
export class AgreementParty {
  @Field(() => ShareModelEnum, { description: 'How the share is reckoned.' })
  readonly model!: ShareModel;

  @Field(() => DecimalScalar, { nullable: true, description: 'The percentage of the basis, "70" for 70 %; null with PER_UNIT.' })
  readonly percent!: string | null;

  @Field(() => UnitShare, { nullable: true, description: 'The amount for units; null with PERCENTAGE.' })
  readonly perUnit!: UnitShare | null;

  /** Key of the partner, for field resolvers. */
  readonly partnerKey!: bigint;
}

/** An item; offering and residual party are field resolvers. */
@ObjectType('AgreementItem', { simpleResolvers: true, description: 'One level of an agreement (TMF651): which charges, and who shares in them.' })
export class AgreementItem {
  @Field(() => ChargeKindEnum, { nullable: true, description: 'The kind of charges; null = every kind, fees included.' })
  readonly kind!: ChargeKind | null;

  @Field(() => ShareBasisEnum, { description: 'What the shares are taken of.' })
  readonly basis!: ShareBasis;

  @Field(() => [AgreementParty], { description: 'The parties; their percentages are at most 100 together.' })
  readonly parties!: readonly AgreementParty[];

  /** Keys, for field resolvers. */
  readonly offeringKey!: string | null;
  readonly residualKey!: bigint | null;
}

@ObjectType('AgreementVersion', { simpleResolvers: true, description: 'One version of an agreement; it is never edited.' })
export class AgreementVersion {
  @Field(() => Int, { description: 'Number of the version, from 1.' })
  readonly version!: number;

  @Field(() => AgreementStateEnum, { description: 'Life of the version, by the tenant\'s clock.' })
  readonly state!: AgreementState;

  @Field(() => CurrencyCodeScalar, { description: 'Currency of the charges that it is about.' })
  readonly currency!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant of charges that it decides; null = from a second after approval on.' })
  readonly validFrom!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant after it; null while it is open.' })
  readonly validUntil!: Date | null;

  @Field(() => String, { description: 'Subject of the token that proposed it.' })
  readonly proposedBy!: string;

  @Field(() => String, { nullable: true, description: 'Subject of the token that approved or refused it; null while it waits.' })
  readonly decidedBy!: string | null;

  @Field(() => [AgreementItem], { description: 'Its levels; of all agreements in force the narrowest one decides on a charge: offering and kind, offering, kind, everything.' })
  readonly items!: readonly AgreementItem[];
}

/** An agreement; its versions are a field resolver. */
@ObjectType('Agreement', { implements: Node, simpleResolvers: true, description: 'An agreement on sharing revenue (TMF651, PartyRevSharingModel of TMF738).' })
export class Agreement extends Node {
  @Field(() => String, { description: 'Its name for programs, unique in the tenant.' })
  readonly code!: string;

  @Field(() => String, { description: 'Its name for people.' })
  readonly name!: string;

  /** Key of the row, for field resolvers. */
  readonly agreementKey!: bigint;
}

export const AgreementConnection = connectionOf(Agreement, 'Agreement');

export interface AgreementRecord { readonly id: string; readonly code: string; readonly name: string }

export const agreementOf = ({ id, code, name }: AgreementRecord): Agreement =>
  Object.assign(new Agreement(), { id: encodeId('Agreement', id), code, name, agreementKey: BigInt(id) });

export interface VersionRecord {
  readonly agreement_id: string;
  readonly version: number;
  readonly state: StoredAgreementState;
  readonly currency: string;
  readonly valid_from: Date | null;
  readonly valid_until: Date | null;
  readonly proposed_by: string;
  readonly decided_by: string | null;
  readonly items: readonly { readonly offering_id: string | null; readonly kind: ChargeKind | null; readonly basis: ShareBasis; readonly residual: string | null; readonly parts: readonly PartRow[] }[];
}

export const versionOf = (row: VersionRecord, now: Date): AgreementVersion => ({
  version: row.version, state: agreementStateAt(row.state, { validFrom: row.valid_from, validUntil: row.valid_until }, now), currency: row.currency,
  validFrom: row.valid_from, validUntil: row.valid_until, proposedBy: row.proposed_by, decidedBy: row.decided_by,
  items: row.items.map(({ offering_id: offeringKey, residual, parts, kind, basis }) => Object.assign(new AgreementItem(), {
    kind, basis, offeringKey, residualKey: residual === null ? null : BigInt(residual), parties: parts.map((part) => partyOf(part, row.currency)),
  })),
});

const partyOf = ({ partner_id: partner, model, percent, amount: value, per, unit }: PartRow, currency: string): AgreementParty =>
  Object.assign(new AgreementParty(), {
    model, percent, partnerKey: BigInt(partner),
    perUnit: value === null || per === null || unit === null ? null
      : { amount: moneyOf(amount(BigInt(value)), currency), per: quantityOf(quantity(BigInt(per)), unit) },
  });
