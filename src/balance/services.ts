import { VoucherThrottle } from './voucher-throttle';

/** What the balance room adds to the process's services. */
export interface BalanceServices {
  readonly voucherThrottle: VoucherThrottle;
}

declare module '../context' {
  interface Services extends BalanceServices {}
}

/** Builds the room's services; one per process. */
export const createBalanceServices = (): BalanceServices => ({ voucherThrottle: new VoucherThrottle() });
