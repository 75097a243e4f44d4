import type { DemoIdentity } from '../../../src/platform/auth/demo';
import type { Owned } from './world';
import type { Scope } from './scopes';

/** One call of the sweep: who calls, and a text that no other call has. */
export interface Call {
  readonly identity: DemoIdentity;
  readonly serial: string;
}

export type Variables = Record<string, unknown>;

/** One place of an operation where an object can be named. */
export interface Probe {
  readonly scope: Scope;
  /** The variables that name this owner's object; everything else in them is the caller's own or right. */
  readonly name: (asked: Owned, call: Call) => Variables;
  /** Codes with which a mutation may refuse an object that the caller does reach. */
  readonly mayRefuse?: readonly string[];
}

/** How one root field is asked. A field that names no object has one probe without scope. */
export interface RootCase {
  readonly document: string;
  readonly probes: Readonly<Record<string, Probe>>;
  /** Table in which a call is kept although it came to nothing. */
  readonly keptIn?: string;
}
export type RootCases = Readonly<Record<string, RootCase>>;

/** The probe of a field that names no object: who has the role is served. */
export const UNOWNED: Scope = () => true;
