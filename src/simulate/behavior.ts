/** What the machines behind simulated sensors have in common. */

/** One reading: what each quantity of the machine is now. */
export type Values = Readonly<Record<string, number | boolean>>;

/** What happens to a machine from outside. */
export interface Surroundings {
  /** Only freezers have a door. */
  readonly doorOpen: boolean;
  /** Only they are kept at a temperature, in °C. */
  readonly setPoint: number;
}

/**
 * Lets `dtMs` pass in the life of one machine and reads it. Knows no clock and does no I/O: the
 * same chance and the same steps give the same life.
 */
export type Behavior = (dtMs: number, surroundings: Surroundings) => Values;

/** Where `from` is on its way to `to` after `constants` time constants. */
export function approach(from: number, to: number, constants: number): number {
  return to + (from - to) * Math.exp(-constants);
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
