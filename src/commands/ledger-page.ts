/** What is known of commands over restarts: as it is kept, and as it is written. */
import type { EpochMs } from "../core/clock.ts";
import { decodeOrder, encodeOrder, isMalformedCommand } from "../core/command-codec.ts";
import { type Seq, toSeq, toStreamSeq } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import type { EntryMark } from "../stream/marked-reading.ts";
import type { Course, Terms } from "./course.ts";

export interface LedgerPage {
  /** The last order that was taken; undefined before the first. */
  readonly mark: EntryMark | undefined;
  /** When the server had stored the latest of them, by the server's clock. */
  readonly storedMs: EpochMs;
  /** Of orders that were stored before, nobody knows what became; undefined where all is known. */
  readonly rememberedFromMs?: EpochMs | undefined;
  /** The stream is read again, and what the server had stored up to then was read before. */
  readonly readBeforeMs?: EpochMs | undefined;
  /** Of ended commands that expire until then, some are not in `ended`: there were too many. */
  readonly forgottenUntilMs?: EpochMs | undefined;
  /** Steps up to this record of the log are in here. */
  readonly logSeq: Seq;
  /** Commands without a final step, in the order in which they came. */
  readonly open: readonly Course[];
  /** Ids of those that ended lately, and when they may be forgotten. */
  readonly ended: readonly (readonly [id: string, forgetMs: EpochMs])[];
  /** Commands that were taken back before they came, each as `<id>/<device>`. */
  readonly takenBack: readonly string[];
}

export const emptyPage: LedgerPage = {
  ...{ mark: undefined, storedMs: 0, logSeq: toSeq(0) },
  ...{ open: [], ended: [], takenBack: [] },
};

const version = 1;

export function formatPage({ open, ...page }: LedgerPage): string {
  return JSON.stringify({
    version,
    ...page,
    open: open.map(({ command, ...course }) => ({
      ...course,
      ...encodeOrder({ order: "command", command }),
    })),
  });
}

/** Undefined where the text is not what `formatPage` gave. */
export function parsePage(text: string): LedgerPage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["version"] !== version) return undefined;
  const { ended, forgottenUntilMs, logSeq, mark, open, readBeforeMs, rememberedFromMs } = value;
  const { storedMs, takenBack } = value;
  if (!isCount(logSeq) || typeof storedMs !== "number") return undefined;
  if (!Array.isArray(open) || !Array.isArray(ended) || !Array.isArray(takenBack)) return undefined;
  const courses = open.map(toCourse);
  if (courses.some((course) => course === undefined)) return undefined;
  const page: LedgerPage = {
    mark: toMark(mark),
    storedMs,
    ...(typeof rememberedFromMs === "number" && { rememberedFromMs }),
    ...(typeof readBeforeMs === "number" && { readBeforeMs }),
    ...(typeof forgottenUntilMs === "number" && { forgottenUntilMs }),
    logSeq: toSeq(logSeq),
    open: courses.flatMap((course) => course ?? []),
    ended: ended.flatMap(toEnded),
    takenBack: takenBack.filter((id) => typeof id === "string"),
  };
  return mark !== undefined && page.mark === undefined ? undefined : page;
}

function toMark(value: unknown): EntryMark | undefined {
  if (!isObject(value)) return undefined;
  const { created, id, streamSeq } = value;
  return typeof created === "string" && typeof id === "string" && isCount(streamSeq)
    ? { created, id, streamSeq: toStreamSeq(streamSeq) }
    : undefined;
}

function toEnded(value: unknown): (readonly [string, EpochMs])[] {
  if (!Array.isArray(value)) return [];
  const [id, forgetMs] = value;
  return typeof id === "string" && typeof forgetMs === "number" ? [[id, forgetMs]] : [];
}

function toCourse(value: unknown): Course | undefined {
  if (!isObject(value)) return undefined;
  const { attempt, doubt, endsMs, left, natsSubject, state, step, terms, text, told } = value;
  if (typeof natsSubject !== "string" || typeof text !== "string") return undefined;
  const order = decodeOrder(natsSubject, new TextEncoder().encode(text));
  if (isMalformedCommand(order) || order.order !== "command") return undefined;
  if (state !== "queued" && state !== "sent" && state !== "delivered") return undefined;
  if (!isCount(step) || !isCount(attempt) || !isCount(left) || !areTerms(terms)) return undefined;
  return {
    command: order.command,
    ...{ state, step, attempt, left, terms },
    ...(typeof endsMs === "number" && { endsMs }),
    ...(typeof doubt === "string" && { doubt }),
    ...((told === "away" || told === "late") && { told }),
  };
}

function areTerms(value: unknown): value is Terms {
  return (
    isObject(value) &&
    isCount(value["tries"]) &&
    typeof value["repeatable"] === "boolean" &&
    typeof value["answers"] === "boolean"
  );
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
