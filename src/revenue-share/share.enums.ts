import { describedEnum } from '../catalog';
import type { AgreementState } from './agreement.rules';
import type { ShareBasis, ShareModel } from './share.rules';
import type { StatementState } from './statement.rules';

export const ShareBasisEnum = describedEnum<ShareBasis>('ShareBasis', 'What shares are taken of.', {
  NET: 'The charge without its tax.',
  GROSS: 'The charge with its tax.',
});

export type LineModel = ShareModel | 'RESIDUAL';
export const ShareModelEnum = describedEnum<LineModel>('ShareModel', 'How a share is reckoned (TMF738).', {
  PERCENTAGE: 'A percentage of the basis.',
  PER_UNIT: 'An amount for every so many units used, also of usage that an allowance paid.',
  RESIDUAL: 'What the other parties leave; it may be negative.',
});

export const AgreementStateEnum = describedEnum<AgreementState>('AgreementState', 'Life of an agreement version (TMF651).', {
  IN_PROCESS: 'Proposed; waits for a second person.',
  APPROVED: 'Approved; its time has not come yet.',
  REJECTED: 'Refused for good.',
  ACTIVE: 'In force.',
  EXPIRED: 'A later version followed it.',
  TERMINATED: 'Ended.',
});

export const StatementStateEnum = describedEnum<StatementState>('StatementState', 'Life of a statement; a period without one is open.', {
  CALCULATED: 'Its period is closed and its figures stand; not yet shown to the partner.',
  PUBLISHED: 'Numbered and shown to the partner, who accepts or disputes it.',
  ACCEPTED: 'The partner takes it as right.',
  DISPUTED: 'The partner holds it to be wrong; what turns out to be wrong is corrected on the next.',
  SETTLED: 'What is payable was paid.',
});
