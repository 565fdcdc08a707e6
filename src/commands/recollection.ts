/** What a start knows of the commands that came before: the ledger, and the log behind it. */
import type { EpochMs } from "../core/clock.ts";
import { maxValidityMs } from "../core/command-codec.ts";
import { toSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { Course } from "./course.ts";
import type { FoundLedger } from "./ledger-file.ts";
import { emptyPage, type LedgerPage } from "./ledger-page.ts";
import { type Progress, readProgress } from "./progress.ts";

export interface Recollection {
  readonly page: LedgerPage;
  /** Steps without a final one of commands that are not in the page: they have to be read again. */
  readonly awaited: ReadonlyMap<string, Progress>;
}

/**
 * Joins the ledger with the steps in the log that it does not know yet. What is in the log has to be on
 * disk. Where records are missing between the two, such as behind a ledger that is an older copy, what
 * may have left counts as having left.
 */
export async function recollect(
  ledger: FoundLedger,
  log: Pick<RecordLog, "firstSeq" | "lastSeq" | "openReader">,
  logger: Logger,
  signal: AbortSignal,
): Promise<Recollection> {
  const isLost = ledger === "none" || ledger === "damaged";
  const page = isLost ? emptyPage : ledger;
  if (ledger === "damaged")
    logger.error(
      "the ledger of commands cannot be read, and was set aside; what became of them is read from the log",
    );
  const known = page.open.map((course) => [course.command.id, progressOf(course)] as const);
  const to = log.lastSeq;
  const isOther = page.logSeq > to;
  const after = isOther ? toSeq(0) : page.logSeq;
  const found = await readProgress(log, { after, to }, known, signal);
  const { byId, firstMs } = found;
  const holeMs = isOther ? (firstMs ?? page.storedMs) : found.holeMs;
  const open: Course[] = [];
  for (const course of page.open) {
    const progress = byId.get(course.command.id);
    byId.delete(course.command.id);
    if (progress?.final) continue;
    const known = progress === undefined ? course : { ...course, ...stepsOf(progress) };
    open.push(holeMs === undefined ? known : doubt(known));
  }
  if (holeMs !== undefined)
    logger.error("records are missing that may have told of commands; some end as unknown", {
      after,
      to,
    });
  const endedNow = endedIn(page.open, open, byId);
  const awaited = new Map<string, Progress>();
  for (const [id, progress] of byId)
    if (!progress.final) awaited.set(id, holeMs === undefined ? progress : doubt(progress));
  return {
    page: {
      ...page,
      ...(isLost && { rememberedFromMs: firstMs }),
      ...(holeMs !== undefined && { rememberedFromMs: holeMs }),
      open,
      ended: [...page.ended, ...endedNow],
    },
    awaited,
  };
}

/** More steps than those of one command that may be missing: readers pass over numbers they had. */
const stepsMissing = 100;

/** It may have left by a step that is missing. */
function doubt<Known extends Pick<Course, "attempt" | "left" | "state" | "step">>(
  known: Known,
): Known {
  const { attempt, left, state, step } = known;
  return {
    ...known,
    attempt: Math.max(1, attempt),
    left: Math.max(1, left),
    state: state === "queued" ? "sent" : state,
    step: step + stepsMissing,
  };
}

/** Ids that ended behind the page; those whose expiry is not known are kept as long as any can be. */
function endedIn(
  before: readonly Course[],
  open: readonly Course[],
  byId: ReadonlyMap<string, Progress>,
): (readonly [string, EpochMs])[] {
  const still = new Set(open.map(({ command }) => command.id));
  const ended = before.flatMap(({ command }) =>
    still.has(command.id) ? [] : [[command.id, command.expiresMs] as const],
  );
  const found = [...byId].flatMap(([id, { final, steppedMs }]) =>
    final ? [[id, steppedMs + maxValidityMs] as const] : [],
  );
  return [...ended, ...found];
}

function progressOf({ attempt, command, left, state, step }: Course): Progress {
  const { device, name } = command;
  return { device, name, state, step, attempt, left, final: false, steppedMs: 0 };
}

function stepsOf({ attempt, left, state, step }: Progress) {
  return { attempt, left, state, step };
}
