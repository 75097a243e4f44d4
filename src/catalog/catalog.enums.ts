import type { RoundingMode } from '../platform/money';
import type { UsageKind } from '../usage/usage.types';
import { describedEnum } from './described-enum';
import type { OfferingState } from './offering.types';
import type { PriceTiers, Recognition } from './price.types';
import type { AllowanceRenewal, FirstGrant, PaidRenewalStart, PaymentMode, PeriodKind, PriceType, UnpaidRenewal, WhenUsedUp } from './terms.types';

export const UsageKindEnum = describedEnum<UsageKind>('UsageKind', 'What was used (TMF635 usage type).', {
  VOICE: 'A call, in seconds.',
  SMS: 'Short messages, apiece.',
  MMS: 'Multimedia messages, apiece.',
  DATA: 'Data volume, in bytes.',
  CONTENT: 'Content and downloads, apiece.',
  GENERIC: 'Anything else; the usage brings its unit.',
});

export const OfferingStateEnum = describedEnum<OfferingState>('ProductOfferingState', 'Life cycle of an offering version (TMF620).', {
  IN_STUDY: 'An idea under study.',
  IN_DESIGN: 'A draft; it can be launched.',
  IN_TEST: 'Under test.',
  REJECTED: 'Will not be sold.',
  ACTIVE: 'Approved and not on sale yet.',
  LAUNCHED: 'On sale within its validity; immutable.',
  RETIRED: 'No longer sold; its products live on.',
  OBSOLETE: 'No product of it is left.',
});

export const PeriodKindEnum = describedEnum<PeriodKind>('PeriodKind', 'How the time of a product is cut into periods.', {
  NONE: 'No periods: it never renews.',
  BILL_CYCLE: 'The bill cycle of its account.',
  CALENDAR_MONTH: 'Months from the first, in the account\'s zone.',
  MONTH: 'Months from the day it started.',
  WEEK: 'Weeks from Monday, in the account\'s zone.',
  DAY: 'Days of the account\'s zone.',
  HOUR: 'Hours from its start.',
});

export const PaymentModeEnum = describedEnum<PaymentMode>('OfferingPaymentMode', 'Payment modes of accounts that an offering is sold to.', {
  PREPAID: 'Accounts that pay from money paid before.',
  POSTPAID: 'Accounts that pay by bill.',
  HYBRID: 'Accounts that pay from money first, then by bill.',
});

export const UnpaidRenewalEnum = describedEnum<UnpaidRenewal>('UnpaidRenewal', 'What becomes of a product whose fee could not be paid.', {
  SUSPEND: 'It cannot be used until the fee is paid.',
  CONTINUE_AT_USAGE_PRICES: 'It goes on without allowances at its usage prices.',
});

export const PaidRenewalStartEnum = describedEnum<PaidRenewalStart>('PaidRenewalStart', 'Where a period starts that was paid late.', {
  WHEN_PAID: 'On the day of the payment.',
  ANNIVERSARY: 'On the old anniversary.',
});

export const PriceTypeEnum = describedEnum<PriceType>('ProductOfferingPriceType', 'When a price falls due (TMF620).', {
  ONE_TIME: 'Once, at activation.',
  RECURRING: 'At the start of each period.',
  USAGE: 'For what is used.',
});

export const RecognitionEnum = describedEnum<Recognition>('RevenueRecognition', 'When a price\'s revenue is earned.', {
  AT_POINT: 'When it is charged.',
  OVER_PERIOD: 'Day by day of its period.',
});

export const RoundingModeEnum = describedEnum<RoundingMode>('RoundingMode', 'How an exact amount is rounded.', {
  HALF_UP: 'To the nearest, halves away from zero.',
  UP: 'Away from zero.',
  DOWN: 'Towards zero.',
  HALF_EVEN: 'To the nearest, halves to the even digit.',
});

export const TierModeEnum = describedEnum<PriceTiers['mode']>('PriceTierMode', 'How tiers price a quantity.', {
  GRADUATED: 'Each tier prices the units inside it.',
  VOLUME: 'The tier that holds the whole quantity prices all units.',
});

export const FirstGrantEnum = describedEnum<FirstGrant>('AllowanceFirstGrant', 'What a partial first period receives.', {
  FULL: 'The whole quantity.',
  PRORATED: 'Its share by days, up to a whole step.',
});

export const AllowanceRenewalEnum = describedEnum<AllowanceRenewal>('AllowanceRenewal', 'What becomes of unused units at renewal.', {
  RESET: 'They lapse.',
  ROLL_OVER: 'They last one period more, up to the maximum.',
});

export const WhenUsedUpEnum = describedEnum<WhenUsedUp>('AllowanceWhenUsedUp', 'What happens when an allowance is used up.', {
  CHARGE: 'Further usage is charged.',
  BLOCK: 'Further usage is refused.',
});
