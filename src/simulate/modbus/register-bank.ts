/** The registers of a simulated Modbus device: which there are, what they hold, what was written. */
import type { RegisterTable } from "../../core/poll-plan.ts";
import { type Point, sizeOf, wordsOf } from "./point.ts";

/** Registers between the points that can be read, and are 0. */
export interface EmptyRange {
  readonly table: RegisterTable;
  readonly from: number;
  /** The last one. */
  readonly to: number;
}

export class RegisterBank {
  readonly #points = new Map<string, { readonly point: Point; readonly word: number }>();
  readonly #written = new Map<string, number>();
  readonly #empty: readonly EmptyRange[];

  constructor(points: readonly Point[], empty: readonly EmptyRange[] = []) {
    this.#empty = empty;
    for (const point of points)
      for (let word = 0; word < sizeOf(point); word += 1)
        this.#points.set(keyOf(point.table, point.at + word), { point, word });
  }

  /** Neighbors as they are at a reading; undefined where one of them is not there. */
  read(
    table: RegisterTable,
    at: number,
    count: number,
    number: number,
  ): readonly number[] | undefined {
    const words: number[] = [];
    for (let place = at; place < at + count; place += 1) {
      const word = this.#word(table, place, number);
      if (word === undefined) return undefined;
      words.push(word);
    }
    return words;
  }

  /** False, and nothing is written, where one of them is not there or cannot be written. */
  write(table: RegisterTable, at: number, words: readonly number[]): boolean {
    const keys = words.map((_, index) => keyOf(table, at + index));
    if (!keys.every((key) => this.#points.get(key)?.point.writable === true)) return false;
    for (const [index, key] of keys.entries()) this.#written.set(key, words[index] ?? 0);
    return true;
  }

  #word(table: RegisterTable, at: number, number: number): number | undefined {
    const key = keyOf(table, at);
    const found = this.#points.get(key);
    if (found === undefined) return this.#isEmpty(table, at) ? 0 : undefined;
    return this.#written.get(key) ?? wordsOf(found.point, found.point.value(number))[found.word];
  }

  #isEmpty(table: RegisterTable, at: number): boolean {
    return this.#empty.some((range) => range.table === table && range.from <= at && at <= range.to);
  }
}

function keyOf(table: RegisterTable, at: number): string {
  return `${table} ${at}`;
}
