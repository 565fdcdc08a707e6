/** `sluicegate audit`: reading the audit logs of a site, beside the processes that write them. */
import { type ChainEnd, markText, parseMark } from "../audit/chain.ts";
import { type AuditVerdict, auditEntries, auditNames, verifyAudit } from "../audit/read-audit.ts";
import { nodeDisk } from "../buffer/disk.ts";
import { pathIn } from "../config/path-in.ts";
import type { AuditEntry } from "../core/audit.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { systemReason } from "../core/system-reason.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { placeOf } from "./site.ts";
import { timeFlag } from "./time-flag.ts";

interface AuditOptions {
  readonly config: string;
  readonly output: "text" | "json";
}

export interface ListOptions extends AuditOptions {
  readonly since?: string;
  readonly action?: string;
  readonly by?: string;
  readonly refused?: true;
  readonly limit: string;
}

export async function listAudit(options: ListOptions): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100_000)
    throw new GatewayError("usage", `--limit ${options.limit}: write a number from 1 to 100000`);
  const sinceMs = options.since === undefined ? 0 : timeFlag("--since", options.since);
  const found: AuditEntry[] = [];
  await eachLog(options, async (folder, name) => {
    for await (const entry of auditEntries(nodeDisk, folder, name)) {
      if (entry.atMs < sinceMs || !isMeant(entry, options)) continue;
      found.push(entry);
      if (found.length > 2 * limit) newest(found, limit);
    }
  });
  newest(found, limit);
  printAnswer(options, "audit/1", { entries: found.map(toRow) }, () =>
    found.length === 0 ? ["no entries"] : tableLines(found.map(cellsOf)),
  );
}

export async function verifyAudits(
  options: AuditOptions & { readonly mark?: string },
): Promise<void> {
  const mark = markOf(options.mark);
  const verdicts: AuditVerdict[] = [];
  await eachLog(options, async (folder, name) => {
    const verdict = await verifyAudit(nodeDisk, folder, name);
    const isMarked = mark !== undefined && verdict.end?.chain === mark.chain;
    verdicts.push(isMarked ? await verifyAudit(nodeDisk, folder, name, mark) : verdict);
  });
  // A mark of none of them is one of a log that is not there any more.
  if (mark && verdicts.every((one) => one.mark === undefined))
    throw new GatewayError(
      "not-found",
      `no log here is ${mark.chain}, which the mark is of: it was begun anew, or exchanged as a whole`,
    );
  const isWhole = verdicts.every(({ faultCount }) => faultCount === 0);
  const logs = verdicts.map(({ end, ...rest }) => ({
    ...rest,
    mark: rest.mark ?? null,
    end: end ? markText(end) : null,
  }));
  printAnswer(options, "audit-verdict/1", { whole: isWhole, logs }, () =>
    verdicts.flatMap(linesOf),
  );
  if (!isWhole) process.exitCode = 1;
}

async function eachLog(
  { config }: AuditOptions,
  visit: (folder: string, name: string) => Promise<void>,
): Promise<void> {
  const place = await placeOf(config);
  const folder = pathIn(place.folder, place.config.gateway.data);
  try {
    const names = await auditNames(nodeDisk, folder);
    if (names.length === 0)
      throw new GatewayError(
        "not-found",
        `there is no audit log in ${folder}; it is begun when a process of this site first runs`,
      );
    for (const name of names) await visit(folder, name);
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    const why = `cannot read the audit log in ${folder}: ${systemReason(thrown)}`;
    const advice = "run this as the user of the service, or as root";
    throw new GatewayError("status.denied", `${why}; ${advice}`, { cause: thrown });
  }
}

function isMeant(entry: AuditEntry, { action, by, refused }: ListOptions): boolean {
  if (action !== undefined && entry.action !== action) return false;
  if (by !== undefined && entry.by !== by) return false;
  return !refused || entry.outcome === "refused";
}

/** Several logs are read one after the other. */
function newest(entries: AuditEntry[], limit: number): void {
  entries.sort((a, b) => a.atMs - b.atMs);
  entries.splice(0, entries.length - limit);
}

function toRow({ atMs, ...rest }: AuditEntry): object {
  return { at: formatTime(atMs), ...rest };
}

function cellsOf({ action, atMs, by, from, outcome, target, text }: AuditEntry): string[] {
  return [formatTime(atMs), outcome, action, by, from ?? "-", target ?? "-", text ?? ""];
}

function markOf(text: string | undefined): ChainEnd | undefined {
  if (text === undefined) return undefined;
  const mark = parseMark(text);
  if (!mark)
    throw new GatewayError(
      "usage",
      `--mark ${text} is none; verify prints one, as <log>.<number>:<hash>`,
    );
  return mark;
}

function linesOf({
  end,
  entryCount,
  faultCount,
  faults,
  isTorn,
  mark,
  name,
  unchainedCount,
}: AuditVerdict): string[] {
  const older =
    unchainedCount > 0 ? `, and ${unchainedCount} from before entries were chained` : "";
  const lines = [
    faultCount === 0
      ? `${name}: whole, ${entryCount} entries${older}`
      : `${name}: not as it was written, ${faultCount} faults, ${entryCount} entries${older}`,
  ];
  for (const { file, kind, line, text } of faults)
    lines.push(`  ${kind} at ${file}${line === undefined ? "" : `:${line}`}: ${text}`);
  if (isTorn)
    lines.push(
      "  half a line stands at its end, as a power cut leaves it, or while one is written",
    );
  if (mark === "fits") lines.push("  the mark fits");
  if (mark === "older")
    lines.push("  the mark is older than what is kept: nothing can be said of it");
  if (end) lines.push(`  ends at ${markText(end)}`);
  return lines;
}
