/**
 * Stores points for certain: tried until the database has them, or has said of each that it never
 * takes it.
 *
 * A database that refuses points stores the others of the same write. Which they were is found by
 * writing parts again; a point that is written twice is the same point.
 */
import { type Clock, sleep } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Database } from "./database.ts";
import type { DatabaseHealth } from "./database-health.ts";
import type { WriteOutcome, WriteTrouble } from "./write-outcome.ts";

const backoffLimits = { baseMs: 500, maxMs: 30_000 };
/** Where somebody has to change something, a flood of tries helps nobody. */
const patientLimits = { baseMs: 5_000, maxMs: 60_000 };

/** Behind so many answers in a row that came too late, less is written at a time; but never as little. */
const lateInARow = 3;
const fewestWhenLate = 100;

/** A line that is never taken, and what was said of it. */
export interface RefusedLine {
  readonly line: string;
  readonly reason: string;
}

/** What became of points. */
export interface Stored {
  readonly refused: readonly RefusedLine[];
  /** Older than the database keeps anything. */
  readonly expired: number;
}

export interface StoreDependencies {
  readonly database: Database;
  readonly health: DatabaseHealth;
  /** Makes the database where it is missing; rejects where that is not possible now. */
  readonly prepare: () => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Resolves once nothing is left to try; undefined when the signal came first. */
export async function storePoints(
  lines: readonly string[],
  signal: AbortSignal,
  deps: StoreDependencies,
): Promise<Stored | undefined> {
  const refused: RefusedLine[] = [];
  let expired = 0;
  const parts: (readonly string[])[] = lines.length > 0 ? [lines] : [];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const outcome = await writeUntilJudged(part, signal, deps);
    if (outcome === undefined) return undefined;
    if (outcome.kind === "too-slow") parts.push(...halves(part));
    if (outcome.kind === "expired") expired += outcome.points;
    if (outcome.kind !== "refused" && outcome.kind !== "too-large") continue;
    const reason = outcome.kind === "refused" ? outcome.reason : "it is too large for the database";
    const allOfThem = outcome.kind === "refused" && outcome.points === part.length;
    if (allOfThem || part.length === 1) refused.push(...part.map((line) => ({ line, reason })));
    else
      parts.push(...(outcome.kind === "refused" && part === lines ? sorted(part) : halves(part)));
  }
  return { refused, expired };
}

type Judged =
  | Exclude<WriteOutcome, WriteTrouble | { readonly kind: "no-database" }>
  | { readonly kind: "too-slow" };

async function writeUntilJudged(
  lines: readonly string[],
  signal: AbortSignal,
  { clock, database, health, logger, prepare, random }: StoreDependencies,
): Promise<Judged | undefined> {
  const usual = new Backoff(backoffLimits, random);
  const patient = new Backoff(patientLimits, random);
  let wasMade = false;
  let late = 0;
  while (!signal.aborted) {
    const outcome = await database.write(lines, signal);
    if (signal.aborted && outcome.kind === "trouble") return undefined;
    if (outcome.kind !== "trouble" && outcome.kind !== "no-database") {
      health.noteWell();
      return outcome;
    }
    health.noteTrouble(outcome.reason);
    late = outcome.kind === "trouble" && outcome.isLate ? late + 1 : 0;
    if (late === lateInARow && lines.length > fewestWhenLate) return { kind: "too-slow" };
    if (outcome.kind === "no-database") {
      logger.warn(
        "the database is missing; it is made where that is possible, and if it held something, " +
          "sluicegate history rebuild fills that in again",
        { reason: outcome.reason },
      );
      // One that was made and is missing all the same is tried again with the others' patience.
      const isMade = await prepared(prepare, health);
      if (isMade && !wasMade) {
        wasMade = true;
        continue;
      }
    }
    const needsPeople = outcome.kind === "no-database" || outcome.needsPeople;
    const asked = outcome.kind === "trouble" ? (outcome.retryAfterMs ?? 0) : 0;
    // Who asks for no time at all is not asked without end either.
    await sleep(clock, Math.max(asked, (needsPeople ? patient : usual).nextMs()), signal);
  }
  return undefined;
}

async function prepared(prepare: () => Promise<void>, health: DatabaseHealth): Promise<boolean> {
  try {
    await prepare();
    return true;
  } catch (thrown) {
    health.noteTrouble(thrown instanceof Error ? thrown.message : String(thrown));
    return false;
  }
}

/**
 * Where a type is refused, all points of that measurement and field are, and where there are too many
 * series, all of a series: they come to stand together, so that few writes find them.
 */
function sorted(lines: readonly string[]): readonly (readonly string[])[] {
  const alike = new Map<string, string[]>();
  for (const line of lines) {
    const field = fieldOf(line);
    const others = alike.get(field);
    if (others) others.push(line);
    else alike.set(field, [line]);
  }
  // A line begins with its series.
  const parts = Array.from(alike.values(), (part) => part.sort());
  const [only, ...others] = parts;
  return only && others.length === 0 ? halves(only) : parts;
}

/** Of at least two lines. */
function halves(lines: readonly string[]): readonly (readonly string[])[] {
  const half = Math.ceil(lines.length / 2);
  return [lines.slice(0, half), lines.slice(half)];
}

/** `samples value`: the measurement and the first field of a line. */
function fieldOf(line: string): string {
  const measurement = line.slice(0, line.indexOf(","));
  return `${measurement} ${/(?<!\\) ([a-z_]+)=/.exec(line)?.[1] ?? ""}`;
}
