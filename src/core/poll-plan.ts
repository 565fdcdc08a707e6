/** What a way in that asks its devices has to ask each of them. */

/** Tables of a Modbus device, as Modbus names them; functions 1, 2, 3 and 4. */
export type RegisterTable = "coil" | "discrete" | "holding" | "input";

/** Neighbors that are read at once. */
export interface RegisterBlock {
  readonly table: RegisterTable;
  /** Of the first, from 0; in a group of models from the register with the id of the model. */
  readonly at: number;
  /** At most 125 registers, or 2,000 bits. */
  readonly count: number;
  /**
   * What it was joined of, for a device that refuses to be asked for all at once: first without what
   * stands between, then in halves. Absent where it is one value.
   */
  readonly parts?: readonly RegisterBlock[];
}

/** Blocks that are asked for together, and how often. */
export interface PollGroup {
  readonly name: string;
  readonly everyMs: number;
  readonly blocks: readonly RegisterBlock[];
  /** SunSpec: one of these models is asked, if the device has one. Absent where addresses are fixed. */
  readonly models?: readonly number[];
  /** Which of them, in the order in which they stand in the device; the first where it is absent. */
  readonly nth?: number;
}

/** How a payload names the place of a model: `203`, and `203#2` where it is the second of its group's. */
export function modelKey(id: number, nth = 1): string {
  return nth === 1 ? String(id) : `${id}#${nth}`;
}

/** All that is asked of one device. The same object as long as nothing changed. */
export interface PollPlan {
  readonly groups: readonly PollGroup[];
  /** Where the marker in front of the models is looked for, in this order. */
  readonly markers: readonly number[];
}
