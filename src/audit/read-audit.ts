/** Audit logs as they stand in a data folder, read by who does not write them. */
import type { AuditEntry } from "../core/audit.ts";
import type { Disk } from "../core/disk.ts";
import { readWhole } from "../core/whole-file.ts";
import { parseAuditLine } from "./audit-entry.ts";
import {
  type FileLine,
  fileBefore,
  headName,
  mostFiles,
  orNothing,
  readFirstLine,
  readLines,
} from "./audit-files.ts";
import { type ChainEnd, type ChainHead, parseHead } from "./chain.ts";
import { ChainCheck, type ChainFault, type MarkState } from "./chain-check.ts";

const ownName = /^(audit-[a-z-]+\.ndjson)(?:\.head|\.[1-9])?$/;
/** A log that is written meanwhile is read again where its files moved on. */
const mostTries = 5;

/** Names of the logs of a folder: one for each process that keeps its data there. */
export async function auditNames(disk: Disk, folder: string): Promise<readonly string[]> {
  const names = (await orNothing(disk.list(folder))) ?? [];
  return [...new Set(names.flatMap((name) => ownName.exec(name)?.[1] ?? []))].sort();
}

/** All entries of a log, the oldest first; what is none is passed over. */
export async function* auditEntries(
  disk: Disk,
  folder: string,
  name: string,
): AsyncGenerator<AuditEntry> {
  for await (const { text } of linesOf(disk, folder, name)) {
    const entry = parseAuditLine(text)?.entry;
    if (entry) yield entry;
  }
}

/** What became of a log. */
export interface AuditVerdict {
  readonly name: string;
  readonly entryCount: number;
  /** From versions that did not chain them. */
  readonly unchainedCount: number;
  /** Half a line stands at its end: it is being written, or a power cut left it. */
  readonly isTorn: boolean;
  /** The first ones, in the order of the log. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
  readonly end: ChainEnd | undefined;
  readonly mark: MarkState | undefined;
}

/** Reads a log from its beginning and holds each line against the one before. */
export async function verifyAudit(
  disk: Disk,
  folder: string,
  name: string,
  mark?: ChainEnd,
): Promise<AuditVerdict> {
  const path = `${folder}/${name}`;
  for (let tries = 1; ; tries += 1) {
    const begins = await readFirstLine(disk, path);
    const check = new ChainCheck(await readHead(disk, folder, name), mark);
    let isTorn = false;
    for await (const line of linesOf(disk, folder, name)) {
      if (line.isWhole) check.take(line.file, line);
      else if (line.file === name) isTorn = true;
      else check.take(line.file, line);
    }
    check.finish(name);
    if (tries < mostTries && (await readFirstLine(disk, path)) !== begins) continue;
    const { end, entryCount, faultCount, faults, unchainedCount } = check;
    return {
      name,
      entryCount,
      unchainedCount,
      isTorn,
      faults,
      faultCount,
      end,
      mark: check.markState,
    };
  }
}

async function readHead(disk: Disk, folder: string, name: string): Promise<ChainHead | undefined> {
  const bytes = await orNothing(readWhole(disk, `${folder}/${headName(name)}`, 4096));
  return bytes && parseHead(bytes.toString());
}

async function* linesOf(
  disk: Disk,
  folder: string,
  name: string,
): AsyncGenerator<FileLine & { readonly file: string }> {
  for (let number = mostFiles - 1; number >= 0; number -= 1) {
    const file = fileBefore(name, number);
    for await (const line of readLines(disk, `${folder}/${file}`)) yield { ...line, file };
  }
}
