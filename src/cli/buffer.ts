/** `sluicegate buffer …`: looks into the buffer of a live or dead box, and mends it when asked. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { readBootId } from "../app/boot-id.ts";
import { newRun } from "../app/new-run.ts";
import { systemClock } from "../app/system-clock.ts";
import { nodeDisk } from "../buffer/disk.ts";
import { isLocked } from "../buffer/lock.ts";
import { refuseLocked } from "../buffer/recovery/find-files.ts";
import { describeDamage } from "../buffer/tools/damage.ts";
import { exportBuffer } from "../buffer/tools/export-buffer.ts";
import { type BufferFolder, openBufferFolder } from "../buffer/tools/open-buffer-folder.ts";
import { originOf } from "../buffer/tools/origin-of.ts";
import { planRepair, repairBuffer } from "../buffer/tools/repair-buffer.ts";
import { showBuffer } from "../buffer/tools/show-buffer.ts";
import { type VerifyReport, verifyBuffer } from "../buffer/tools/verify-buffer.ts";
import { pathIn } from "../config/path-in.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { printable } from "../core/printable.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { createLogger } from "../telemetry/logger.ts";
import { readStatus } from "../telemetry/status-client.ts";
import { actAsOwner } from "./act-as-owner.ts";
import { keysInFiles, keysOfSite } from "./buffer-keys.ts";
import { describeBuffer, describeVerify } from "./buffer-text.ts";
import { isMeant } from "./is-meant.ts";
import { answerText } from "./print-answer.ts";
import { placeOf, socketOf } from "./site.ts";

export interface BufferTarget {
  readonly config: string;
  /** Where the keys are of a folder that is no configuration's. */
  readonly keyFile?: readonly string[];
}

type Output = "text" | "json";

/** Prints what is in the buffer. */
export async function runShow(
  path: string | undefined,
  options: BufferTarget & { readonly output: Output },
): Promise<void> {
  const folder = await findBuffer(path, options);
  const locked = await isLocked(folder.dataFolder);
  const settledSeq = locked ? await settledSeqOf(path, options, folder) : undefined;
  const report = await showBuffer(folder, locked, settledSeq);
  process.stdout.write(
    options.output === "json"
      ? `${answerText("buffer/1", report)}\n`
      : describeBuffer(report, systemClock.wallMs()),
  );
}

/** What the gateway that has the folder says; undefined when it does not answer. */
async function settledSeqOf(
  path: string | undefined,
  options: BufferTarget,
  { dataFolder }: BufferFolder,
): Promise<number | undefined> {
  const socket = path === undefined ? await socketOf(options) : join(dataFolder, "sluicegate.sock");
  const status = await readStatus(socket).catch(() => undefined);
  return gatewayStatusOf(status)?.buffer.settledSeq;
}

/** Checks every checksum; exit 1 when anything is damaged that the log does not account for. */
export async function runVerify(
  path: string | undefined,
  options: BufferTarget & { readonly output: Output },
): Promise<void> {
  const folder = await findBuffer(path, options);
  const report = await verifyBuffer(folder, await isLocked(folder.dataFolder));
  const clean = isClean(report);
  process.stdout.write(
    options.output === "json"
      ? `${answerText("buffer-verify/1", { folder: folder.logFolder, clean, ...report })}\n`
      : describeVerify(report),
  );
  process.exitCode = clean ? 0 : 1;
}

/**
 * Prints every whole event, one a line; damage goes to standard error, and makes the exit 1 unless
 * the log accounts for it.
 */
export async function runExport(
  path: string | undefined,
  options: BufferTarget & { readonly fromSeq?: string; readonly toSeq?: string },
): Promise<void> {
  const range = {
    from: seqOf("--from-seq", options.fromSeq ?? "1"),
    to: seqOf("--to-seq", options.toSeq ?? String(Number.MAX_SAFE_INTEGER)),
  };
  if (range.to < range.from)
    throw new GatewayError("usage", `--to-seq ${range.to} is below --from-seq ${range.from}`);
  const folder = await findBuffer(path, options);
  let damages = 0;
  let accounted = 0;
  const records = await exportBuffer(folder, await isLocked(folder.dataFolder), range, {
    record: (body) => process.stdout.write(`${printable(body.toString())}\n`),
    async chunkEnd() {
      if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
    },
    damage(damage) {
      damages += 1;
      if (damage.declared) accounted += 1;
      process.stderr.write(`${printable(describeDamage(damage))}\n`);
    },
  });
  process.stderr.write(`(${counted(records, "event")}, ${counted(damages, "damaged place")})\n`);
  process.exitCode = damages > accounted ? 1 : 0;
}

/** Does what the next start would do, once somebody said yes; exit 1 when not all of it worked. */
export async function runRepair(
  path: string | undefined,
  options: BufferTarget & { readonly yes?: boolean; readonly dryRun?: boolean },
): Promise<void> {
  const folder = await findBuffer(path, options);
  if (await isLocked(folder.dataFolder))
    throw new GatewayError(
      "buffer.locked",
      `cannot repair ${folder.logFolder}: a running gateway has it; stop it first`,
    );
  refuseLocked(folder.files);
  const before = await verifyBuffer(folder, false);
  const plan = planRepair(folder, before);
  if (plan.length === 0) {
    const left = isClean(before)
      ? ""
      : ": no record that waits is damaged, the rest goes with its segment";
    return void process.stdout.write(`nothing to repair${left}\n`);
  }
  process.stdout.write(`${plan.map(printable).join("\n")}\n`);
  if (options.dryRun || !(await isMeant("repair this", { yes: options.yes ?? false }))) return;
  const origin = await originOf(folder);
  if (!origin)
    throw new GatewayError(
      "usage",
      `cannot repair ${folder.logFolder}: no whole record says whose it is; ` +
        "it holds nothing to save, and a start of its gateway sets it aside",
    );
  const journal = createLogger({
    level: "warn",
    destination: process.stderr,
    clock: systemClock,
  });
  await actAsOwner(folder.dataFolder);
  await repairBuffer(folder, before, origin, {
    run: newRun(),
    segmentUuid: () => randomBytes(16),
    bootId: (await readBootId()) ?? "",
    clock: systemClock,
    logger: journal.child("buffer"),
  });
  const mended = await findBuffer(path, options);
  const after = await verifyBuffer(mended, false);
  const isDone = planRepair(mended, after).length === 0;
  const isAll = isDone && isClean(after);
  const said = isDone
    ? "done; what is left is below, and no repair can mend it: it goes with its segment"
    : "not everything could be done; the lines above say why";
  process.stdout.write(`${isAll ? "done" : said}\n${describeVerify(after)}`);
  process.exitCode = isAll ? 0 : 1;
}

function isClean({ damages, moreDamages }: VerifyReport): boolean {
  return moreDamages === 0 && damages.every(({ declared }) => declared);
}

/** The folder that was named, or the one of the configuration. */
async function findBuffer(
  path: string | undefined,
  { config, keyFile }: BufferTarget,
): Promise<BufferFolder> {
  if (path !== undefined)
    return openBufferFolder(nodeDisk, path, undefined, await keysInFiles(keyFile));
  const site = await placeOf(config);
  const { data, id } = site.config.gateway;
  const keys = keyFile === undefined ? await keysOfSite(site) : await keysInFiles(keyFile);
  return openBufferFolder(nodeDisk, pathIn(site.folder, data), fnv1a64(id), keys);
}

function seqOf(option: string, text: string): number {
  const seq = Number(text);
  if (Number.isSafeInteger(seq) && seq > 0) return seq;
  throw new GatewayError("usage", `${option} ${text}: write a whole number above 0`);
}
