/** What a way in that asks its devices has to ask each of them. */

/** Tables of a Modbus device, as Modbus names them; functions 1, 2, 3 and 4. */
export type RegisterTable = "coil" | "discrete" | "holding" | "input";

/** Neighbors that are read at once. */
export interface RegisterBlock {
  readonly table: RegisterTable;
  /** Of the first, from 0. */
  readonly at: number;
  /** At most 125 registers, or 2,000 bits. */
  readonly count: number;
}

/** Blocks that are asked for together, and how often. */
export interface PollGroup {
  readonly name: string;
  readonly everyMs: number;
  readonly blocks: readonly RegisterBlock[];
}

/** All that is asked of one device. The same object as long as nothing changed. */
export interface PollPlan {
  readonly groups: readonly PollGroup[];
}
