/** Tests of rules as they are run: checked, times in milliseconds. */
import type { Severity } from "../../core/alert.ts";
import type { Series } from "./series.ts";

/** One file of tests. */
export interface TrialFile {
  /** Paths or globs, relative to the file. */
  readonly ruleFiles: readonly string[];
  /** Names of the rules that come with the program, of which these are on. */
  readonly reserved: readonly string[];
  readonly devices: ReadonlyMap<string, TrialDevice>;
  readonly trials: readonly Trial[];
}

/** A device that the tests speak of. */
export interface TrialDevice {
  readonly id: string;
  readonly profile: string;
  readonly site: string;
  readonly gateway: string;
  readonly intervalMs: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly attrs: Readonly<Record<string, number | boolean | string>>;
  /** What its gateway says that it measures; undefined: what a test sends. */
  readonly metrics: readonly string[] | undefined;
}

/** What happens, and what must come of it. */
export interface Trial {
  readonly name: string;
  /** Where it stands in `tests` of its file. */
  readonly at: number;
  /** At which moment its time begins. */
  readonly startMs: number;
  readonly inputs: readonly TrialInput[];
  /** Times in which nothing of a gateway reaches the hub. */
  readonly outages: readonly Absence[];
  /** Times in which a gateway is dead; it starts anew behind them. */
  readonly restarts: readonly Absence[];
  /** How long it lasts; undefined: to the end of all that happens. */
  readonly untilMs: number | undefined;
  /** The rules are saved and taken up again behind every message. */
  readonly isCut: boolean;
  /** Exactly these transitions, in any order; undefined for a test that is `sameAs` another. */
  readonly expected: readonly Expected[] | undefined;
  /** The test with the same transitions. */
  readonly sameAs: string | undefined;
}

/** What one device sends of one metric. */
export interface TrialInput {
  readonly device: string;
  readonly metric: string;
  readonly unit: string | undefined;
  readonly fromMs: number;
  readonly stepMs: number;
  readonly values: Series;
}

export interface Absence {
  readonly gateway: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A transition that must come; what is undefined may be anything. */
export interface Expected {
  /** `FreezerWarm` or `cold_chain/FreezerWarm`. */
  readonly alert: string;
  readonly device: string | undefined;
  readonly state: "firing" | "ended";
  /** Behind the start of the test. */
  readonly atMs: number;
  readonly late: boolean | undefined;
  readonly stale: boolean | undefined;
  readonly severity: Severity | undefined;
  readonly reason: string | undefined;
  readonly value: number | boolean | string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}
