/**
 * A disk that is slow, and one that stalls: devices wait longer for their PUBACK, and that is all.
 * The kernel itself is made slow: each fdatasync of the real gateway begins later.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { readProcess } from "../bench/process-facts.ts";
import { straceCommand, straceMissing } from "../support/strace.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { type Counts, controlOf, sumCounts } from "./counts.ts";
import { inTrial, type Trial, type TrialOptions, untilStill } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const mib = 2 ** 20;
const mostGrowthBytes = 50 * mib;
const stallMs = 5_000;
const loadMs = 4_000;

/** Bounds far from the figures of an idle machine: only a disk that is waited for twice breaks them. */
const slownesses = [
  { delayMs: 10, leastPerSecond: 1_000, mostP99Ms: 300 },
  { delayMs: 50, leastPerSecond: 250, mostP99Ms: 1_500 },
] as const;

interface PhaseResult extends Counts {
  readonly faults: readonly string[];
}

type Note = (text: string) => void;

export const slowDisk: Arm = {
  goal: "R17",
  title: "a slow and stalling disk",
  figures: { small: 1, ci: 3, nightly: 30 },
  missing: async () => (process.platform === "linux" ? straceMissing() : "not Linux"),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const results: PhaseResult[] = [];
      for (let at = 0; at < figure; at += 1) {
        const place = join(folder, String(at));
        const slowness = slownesses[(at % 3) - 1];
        results.push(
          slowness ? await runSlowly(place, slowness, note) : await stallOnce(place, note),
        );
      }
      const controlLost = await ackEarly(join(folder, "control"));
      const faults = results.flatMap((result) => result.faults);
      const found = sumCounts(results);
      return {
        runs: results.length,
        ...found,
        control: controlOf(controlLost),
        ok: found.lost + found.duplicated + found.reordered === 0 && faults.length === 0,
        notes: [...faults, `acknowledged before the slow disk was done: ${controlLost} lost`],
      };
    }),
};

/** Put before the gateway: its fdatasync calls begin `delayMs` late, all of them or those of `when`. */
function slowSyncs(delayMs: number, when = "1+"): string[] {
  const inject = `inject=fdatasync:delay_enter=${delayMs * 1_000}:when=${when}`;
  return straceCommand(["fdatasync"], "/dev/null", "-e", inject);
}

async function runSlowly(
  folder: string,
  { delayMs, leastPerSecond, mostP99Ms }: (typeof slownesses)[number],
  note: Note,
): Promise<PhaseResult> {
  const options = { folder, boot: `slow-${Date.now()}`, wrap: slowSyncs(delayMs) };
  return inTrial(options, async (trial) => {
    await trial.gateway.start();
    const load = trial.load({ connections: 10, window: 20 });
    await sleep(systemClock, loadMs);
    const { ackedPerSecond, latency, reconnects } = await load.stop();
    note(
      `+${delayMs} ms: ${ackedPerSecond.toFixed(0)} events/s, PUBACK p50 ${latency.p50Ms.toFixed(0)} ms, p99 ${latency.p99Ms.toFixed(0)} ms (10 devices, window 20)`,
    );
    return judged(trial, [
      [ackedPerSecond >= leastPerSecond, `+${delayMs} ms: ${ackedPerSecond.toFixed(0)} events/s`],
      [latency.p99Ms <= mostP99Ms, `+${delayMs} ms: p99 ${latency.p99Ms.toFixed(0)} ms`],
      [reconnects === 0, `+${delayMs} ms: ${reconnects} clients dropped`],
    ]);
  });
}

/** One fdatasync takes 5 s, and with one thread for files so does everything else on the disk. */
async function stallOnce(folder: string, note: Note): Promise<PhaseResult> {
  const wrap = ["env", "UV_THREADPOOL_SIZE=1", ...slowSyncs(stallMs, "40")];
  return inTrial({ folder, boot: `stall-${Date.now()}`, wrap }, async (trial) => {
    const { gateway } = trial;
    await gateway.start();
    const load = trial.load({ connections: 64, window: 500 });
    await waitUntil(() => load.report().acked > 1_000, "load flows");
    const stoppedMs = await untilStill(() => load.report().acked, 2_500);
    const before = readProcess(gateway.pid).rssBytes;
    const ackedBefore = load.report().acked;
    let most = before;
    await waitUntil(() => {
      most = Math.max(most, readProcess(gateway.pid).rssBytes);
      return load.report().acked > ackedBefore;
    }, "PUBACKs come again");
    const stalledMs = systemClock.monotonicMs() - stoppedMs;
    const growth = most - before;
    const { latency, reconnects } = await load.stop();
    note(
      `a stall of ${(stalledMs / 1_000).toFixed(1)} s: longest wait for a PUBACK ${(latency.maxMs / 1_000).toFixed(1)} s, ${(growth / mib).toFixed(1)} MiB more memory`,
    );
    return judged(trial, [
      [stalledMs > stallMs - 1_000, `stalled for ${stalledMs.toFixed(0)} ms only`],
      [growth <= mostGrowthBytes, `stall: grew by ${(growth / mib).toFixed(0)} MiB`],
      [reconnects === 0, `stall: ${reconnects} clients dropped`],
    ]);
  });
}

async function judged(
  trial: Trial,
  checks: readonly (readonly [holds: boolean, fault: string])[],
): Promise<PhaseResult> {
  const verdict = trial.judge(await trial.drain(120_000));
  const faults = checks.flatMap(([holds, fault]) => (holds ? [] : [fault]));
  return { ...verdict, faults: [...faults, ...verdict.examples] };
}

/** How many acknowledged events a kill costs when nobody waits for the slow disk. */
async function ackEarly(folder: string): Promise<number> {
  const options: TrialOptions = {
    folder,
    boot: `early-${Date.now()}`,
    fault: "ack-early",
    wrap: slowSyncs(50),
  };
  return inTrial(options, async (trial) => {
    await trial.gateway.start();
    const load = trial.load({ connections: 10, window: 20 });
    await sleep(systemClock, 1_000);
    await trial.gateway.kill();
    await load.stop(0);
    await trial.gateway.start();
    return trial.judge(await trial.drain()).lost;
  });
}
