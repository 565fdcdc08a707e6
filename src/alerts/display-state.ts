/** How an alert is listed, in the words of alarm management. Each is in exactly one list. */

/** In the order in which they are asked: the first that holds is the one. */
export const displayStates = [
  "out-of-service",
  "shelved",
  "suppressed",
  "unacknowledged",
  "acknowledged",
  "latched",
  "returned-unacknowledged",
  "normal",
] as const;

/**
 * - `unacknowledged`, `acknowledged`: it fires.
 * - `latched`: it is normal again, and somebody has to reset it.
 * - `returned-unacknowledged`: it is normal again, and nobody has seen it who should have.
 * - `suppressed`: another alert that fires explains it.
 */
export type DisplayState = (typeof displayStates)[number];

/** Those that ask for somebody: what an operator's list shows where nothing else is wanted. */
export const activeStates: ReadonlySet<DisplayState> = new Set<DisplayState>([
  "unacknowledged",
  "acknowledged",
  "latched",
  "returned-unacknowledged",
]);

/** `returned unacknowledged`. */
export function stateWords(state: DisplayState): string {
  return state.replaceAll("-", " ");
}
