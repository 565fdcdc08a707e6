/**
 * A volume that fills up under the gateway: nothing more is acknowledged, nobody is dropped, nothing
 * acknowledged is lost, and everything goes on once there is room again.
 */
import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { reserveNames } from "../../src/buffer/space/reserve.ts";
import { sleep } from "../../src/core/clock.ts";
import { readProcess } from "../bench/process-facts.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm, ArmResult } from "./arm.ts";
import { type Counts, controlOf, sumCounts } from "./counts.ts";
import { checkDeclaredLosses } from "./declared-losses.ts";
import { missingVolume, onSmallVolume, type VolumeKind } from "./small-volume.ts";
import { inTrial, type Trial, type TrialOptions, untilStill } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const mib = 2 ** 20;
const mostGrowthBytes = 32 * mib;
const mostResumeMs = 5_000;
const mostNoticeMs = 3_000;
/** A journal of ext4 is committed every 5 s. */
const givenBackMs = 6_000;

interface Round {
  readonly volume: VolumeKind;
  /** `0` lets the volume run full for real: the kernel says so in the middle of a write. */
  readonly minFree: "4MiB" | "0";
  /** The gateway is killed while the volume is full, and must start on it. */
  readonly killed: boolean;
}

const rounds: readonly Round[] = [
  { volume: "ext4", minFree: "4MiB", killed: true },
  { volume: "tmpfs", minFree: "0", killed: false },
  { volume: "tmpfs", minFree: "4MiB", killed: false },
  { volume: "ext4", minFree: "0", killed: true },
];

export const diskFull: Arm = {
  goal: "R7",
  title: "a full disk",
  figures: { small: 1, ci: 4, nightly: 40 },
  missing: missingVolume,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const results: RoundResult[] = [];
      for (let at = 0; at < figure; at += 1) {
        const [first] = rounds;
        const round = rounds[at % rounds.length] ?? first;
        if (round) results.push(await fillVolume(join(folder, String(at)), round, note));
      }
      const dropped = [await dropOldest(join(folder, "drop"), note)];
      for (const kind of ["tmpfs", "ext4"] as const)
        dropped.push(await fillToLastByte(join(folder, `last-byte-${kind}`), kind, note));
      const control = await loseByAckingEarly(join(folder, "control"));
      note(`acknowledging early: ${control} lost`);
      return summary(results, dropped, control);
    }),
};

interface RoundResult extends Required<Counts> {
  readonly faults: readonly string[];
}

async function fillVolume(
  folder: string,
  { killed, minFree, volume: kind }: Round,
  note: (text: string) => void,
): Promise<RoundResult> {
  const faults: string[] = [];
  const check = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(`${kind}, min_free ${minFree}: ${fault}`);
  };
  const options = {
    folder,
    boot: `full-${Date.now()}`,
    configuration: `buffer: { min_free: ${minFree}, on_full: refuse }`,
  };
  return inTrial(options, (trial) =>
    onSmallVolume(kind, folder, async (volume) => {
      const { gateway } = trial;
      try {
        await symlink(volume.folder, join(folder, "data"));
        await gateway.start();
        const load = trial.load({ connections: 64, window: 500 });
        await waitUntil(() => load.report().acked > 10_000, "load flows");
        await volume.fill(12 * mib);
        const { heldBytes, noticedMs } = await untilFull(trial, () => load.report().acked);
        check(noticedMs < mostNoticeMs, `noticed only after ${noticedMs.toFixed(0)} ms`);
        check(await saysStopped(trial), "the status does not say that nothing can be stored");
        const ackedFull = load.report().acked;
        await sleep(systemClock, 3_000);
        const growth = readProcess(gateway.pid).peakRssBytes - heldBytes;
        check(growth <= mostGrowthBytes, `grew by ${(growth / mib).toFixed(0)} MiB while held`);
        check(load.report().acked === ackedFull, "acknowledged while the volume was full");
        check(load.report().reconnects === 0, "dropped clients");
        if (process.env["DBG"])
          console.log(load.report(), JSON.stringify(await gateway.status()), gateway.journal());
        if (killed) {
          await gateway.kill();
          await gateway.start();
        }
        const stopped = load.stop();
        await volume.free();
        const freedMs = systemClock.monotonicMs();
        await waitUntil(() => load.report().acked > ackedFull, "PUBACKs come again");
        const resumedMs = systemClock.monotonicMs() - freedMs;
        check(resumedMs < mostResumeMs, `went on only after ${resumedMs.toFixed(0)} ms`);
        const report = await stopped;
        check(report.protocolFaults === 0, "answered against the protocol");
        const bodies = await trial.drain();
        const causes = statusCauses(bodies);
        check(killed || causes.includes("buffer-stopped"), "the stream does not tell of the stop");
        check(killed || causes.includes("buffer-resumed"), "the stream does not tell of the end");
        check(!/cannot save the cursor/.test(gateway.journal()), "no cursor");
        const verdict = trial.judge(bodies);
        note(
          `${kind}, min_free ${minFree}${killed ? ", killed while full" : ""}: ${verdict.acked} acked, noticed within ${noticedMs.toFixed(0)} ms, ${(growth / mib).toFixed(1)} MiB more memory while held, went on ${resumedMs.toFixed(0)} ms after there was room`,
        );
        const { declared } = checkDeclaredLosses(bodies);
        return { ...verdict, declaredLost: declared, faults: [...faults, ...verdict.examples] };
      } finally {
        await gateway.kill();
      }
    }),
  );
}

/**
 * Waits until nothing is stored any more. A file system gives room back seconds after files were
 * removed, and then the gateway goes on once more.
 */
async function untilFull(trial: Trial, acked: () => number) {
  const mostTimes = 5;
  for (let time = 1; ; time += 1) {
    await untilHeld(trial);
    const heldMs = systemClock.monotonicMs();
    const heldBytes = readProcess(trial.gateway.pid).rssBytes;
    const stoppedMs = await untilStill(acked, givenBackMs);
    if (time === mostTimes || (await saysStopped(trial)))
      return { heldBytes, noticedMs: Math.max(0, heldMs - stoppedMs) };
  }
}

/** Waits until the status says that nothing can be stored. */
function untilHeld(trial: Trial): Promise<unknown> {
  return waitUntil(() => saysStopped(trial), "the status says that nothing can be stored");
}

async function saysStopped({ gateway }: Trial): Promise<boolean> {
  const { buffer } = await gateway.status();
  return !buffer.writable && buffer.trouble !== undefined;
}

function statusCauses(bodies: readonly Uint8Array[]): string[] {
  return bodies.flatMap((body) => {
    const text = Buffer.from(body).toString();
    return text.includes("io.sluicegate.status.v1")
      ? (/"cause":"([^"]+)"/.exec(text)?.slice(1) ?? [])
      : [];
  });
}

/** A buffer that may drop: everything missing in the stream is declared, with the exact count. */
async function dropOldest(folder: string, note: (text: string) => void): Promise<RoundResult> {
  const configuration = "buffer: { max_bytes: 8MiB, min_free: 4MiB, on_full: drop_oldest }";
  const boot = `drop-${Date.now()}`;
  return inTrial({ folder, boot, configuration }, async (trial) => {
    await trial.gateway.start();
    const report = await trial.load({ total: 40_000 }).finished;
    const bodies = await trial.drain();
    const verdict = trial.judge(bodies);
    const { declared, faults, missing } = checkDeclaredLosses(bodies);
    note(`drop_oldest: ${report.acked} acked, ${missing} records missing, ${declared} declared`);
    return {
      ...verdict,
      lost: missing,
      declaredLost: declared,
      faults: [
        ...faults,
        ...(verdict.lost > 0 && verdict.lost <= missing ? [] : ["nothing was dropped"]),
      ],
    };
  });
}

/**
 * Another program takes the last byte under a buffer that may drop: the reserves take the gap events,
 * the drops make room, and the cursor is saved while the backbone drains the rest.
 */
async function fillToLastByte(
  folder: string,
  kind: VolumeKind,
  note: (text: string) => void,
): Promise<RoundResult> {
  const configuration = "buffer: { max_bytes: 32MiB, min_free: 0, on_full: drop_oldest }";
  const boot = `last-byte-${Date.now()}`;
  return inTrial({ folder, boot, configuration }, (trial) =>
    onSmallVolume(kind, folder, async (volume) => {
      const { gateway } = trial;
      try {
        await symlink(volume.folder, join(folder, "data"));
        await gateway.start();
        await trial.load({ total: 40_000 }).finished;
        const reserves = Object.values(reserveNames).map((name) =>
          join(volume.folder, "log", name),
        );
        const areThere = (): boolean => reserves.every((path) => existsSync(path));
        await waitUntil(areThere, "the reserves are there");
        await volume.fill(0);
        const report = await trial.load({ total: 20_000, name: "late" }).finished;
        const usedReserve = /reserve of the buffer is used/.test(gateway.journal());
        const bodies = await trial.drain();
        const noCursor = /cannot save the cursor/.test(gateway.journal());
        await volume.free();
        await waitUntil(areThere, "the reserves are made again");
        const verdict = trial.judge(bodies);
        const { declared, faults, missing } = checkDeclaredLosses(bodies);
        note(
          `${kind}, filled to the last byte: ${report.acked} acked on it, ${missing} records missing, ${declared} declared`,
        );
        return {
          ...verdict,
          lost: missing,
          declaredLost: declared,
          faults: [
            ...faults,
            ...(usedReserve ? [] : [`${kind}: the reserve was not used`]),
            ...(noCursor ? [`${kind}: no cursor on a full volume`] : []),
          ],
        };
      } finally {
        await gateway.kill();
      }
    }),
  );
}

/** How many acknowledged events are lost when the PUBACK does not wait for the full disk. */
async function loseByAckingEarly(folder: string): Promise<number> {
  const options: TrialOptions = {
    folder,
    boot: `early-${Date.now()}`,
    fault: "ack-early",
    configuration: "buffer: { min_free: 4MiB, on_full: refuse }",
  };
  return inTrial(options, (trial) =>
    onSmallVolume("tmpfs", folder, async (volume) => {
      try {
        await symlink(volume.folder, join(folder, "data"));
        await trial.gateway.start();
        await volume.fill(5 * mib);
        await trial.load({ total: 20_000 }).finished;
        await trial.gateway.kill();
        await volume.free();
        await trial.gateway.start();
        return trial.judge(await trial.drain()).lost;
      } finally {
        await trial.gateway.kill();
      }
    }),
  );
}

function summary(
  rounds: readonly RoundResult[],
  dropped: readonly RoundResult[],
  controlLost: number,
): ArmResult {
  const all = [...rounds, ...dropped];
  const faults = all.flatMap((result) => result.faults);
  const kept = rounds.every(
    ({ declaredLost, duplicated, lost, reordered }) =>
      lost + declaredLost + duplicated + reordered === 0,
  );
  const isDeclared = dropped.every(({ declaredLost, lost }) => lost === declaredLost);
  return {
    runs: all.length,
    ...sumCounts(all),
    control: controlOf(controlLost),
    ok: kept && isDeclared && faults.length === 0,
    notes: [...faults, `acknowledged before stored on a full disk: ${controlLost} lost`],
  };
}
