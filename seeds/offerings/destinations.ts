import type { WindowDraft } from '../../src/catalog';
import { steps, where } from './parts';

/** Where calls and messages of the demo operator go. Its own numbers are those set aside for drama: 020 91x xxxx. */
export const ON_NET = ['3532091'];
export const IRISH_MOBILE = ['35383', '35385', '35386', '35387', '35389'];
export const IRELAND = ['353'];
export const FREEPHONE = ['3531800'];
export const BRITAIN = ['44'];
export const EUROPE = ['30', '31', '32', '33', '34', '351', '352', '354', '358', '359', '36', '370', '371', '372', '385', '386', '39', '40',
  '420', '421', '43', '45', '46', '47', '48', '49'];
export const NORTH_AMERICA = ['1'];
export const ELSEWHERE = ['*'];

/** Codes inside the network are told from numbers abroad that begin alike by what normalisation found. */
export const SHORT_CODE = where('numberKind', 'SHORT');

/** Evenings and week-ends at one price by the second; Christmas Day free. Local time of the tariff. */
export const offPeak = (amount: string): WindowDraft[] => [
  { name: 'Evening', weekdays: [1, 2, 3, 4, 5], dates: [], from: '19:00', until: '07:00', weight: 10, connectFee: '0', steps: steps(amount, 1n) },
  { name: 'Week-end', weekdays: [6, 7], dates: [], from: '00:00', until: '00:00', weight: 20, connectFee: '0', steps: steps(amount, 1n) },
  { name: 'Christmas Day', weekdays: [], dates: ['2025-12-25', '2026-12-25', '2027-12-25'], from: '00:00', until: '00:00', weight: 30,
    connectFee: '0', steps: steps('0', 1n) },
];
