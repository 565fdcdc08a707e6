/** What a walk over a message finds for one metric. */

import { isAmong } from "../paths/key-pattern.ts";
import type { Scalar } from "../paths/path.ts";
import type { MetricMapping } from "../profile.ts";
import { maxMeasurements } from "./pack.ts";

/** A value below a key that a wildcard stands for. */
export interface Match {
  readonly key: string;
  readonly value: Scalar | null;
  /** What stood at the key. */
  readonly member: unknown;
  readonly probe: string | undefined;
}

/** Longer keys, those above included, are no exceptions: looking at each would take a square. */
const maxKeyLength = 1_024;

/** Higher than that of any path. */
export const noRank = 255;

/** One metric of a profile; emptied before each message. */
export class Target {
  /** Its number in the profile. */
  readonly at: number;
  readonly mapping: MetricMapping;
  /** Something was found, if only that it has no value. */
  isTouched = false;
  /** Of the path that found the value; `noRank` as long as none did. */
  rank = noRank;
  value: Scalar | undefined = undefined;
  /** A list or an object where a single value belongs. */
  wrong: object | undefined = undefined;
  /** Of a path with a wildcard, in the order of the message. */
  readonly matches: Match[] = [];

  constructor(mapping: MetricMapping, at: number) {
    this.mapping = mapping;
    this.at = at;
  }

  /** True for a key that the wildcard does not stand for. */
  excepts(key: string): boolean {
    if (key.length > maxKeyLength) return false;
    return isAmong(this.mapping.except, this.mapping.exceptLike, key);
  }

  /** One more than fits is kept, so that it can be told of. */
  get hasRoom(): boolean {
    return this.matches.length <= maxMeasurements;
  }

  /** False where there is no room for more. */
  add(match: Match): boolean {
    if (!this.hasRoom) return false;
    this.matches.push(match);
    return true;
  }

  empty(): void {
    this.isTouched = false;
    this.rank = noRank;
    this.value = undefined;
    this.wrong = undefined;
    if (this.matches.length > 0) this.matches.length = 0;
  }
}
