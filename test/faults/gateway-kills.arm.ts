/**
 * The gateway killed again and again, at any moment: while devices publish, while it recovers, while
 * segments are begun and deleted, and while a backlog drains because the link comes and goes.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { openCable } from "../../src/simulate/cable.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { readProcess } from "../bench/process-facts.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import type { Arm } from "./arm.ts";
import { bufferKeyText, encryptionAsked } from "./buffer-key.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { inTrial, type TrialOptions } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/**
 * Of processor time up to the moment when devices may connect, for all but a hundredth of the
 * starts, and of time for half of them: how long one start takes on a machine that also runs the
 * devices and the backbone says more about the others than about it.
 */
const readyWithinMs = 1_000;
/** Little is held back, so that segments are deleted under load. */
const buffer = "segment_bytes: 1MiB, hold_back: { max_bytes: 4MiB }";
const encryption = "encryption: { key: { env: BUFFER_KEY } }";

export const gatewayKills: Arm = {
  goal: "R1",
  title: "gateway killed",
  figures: { small: 50, ci: 200, nightly: 5_000 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      process.env["BUFFER_KEY"] = bufferKeyText;
      const isEncrypted = encryptionAsked() ?? true;
      const configuration = `buffer: { ${isEncrypted ? `${buffer}, ${encryption}` : buffer} }\n`;
      const seed = `kills-${Date.now()}`;
      note(`seed ${seed}, ${isEncrypted ? "encrypted" : "plain"}`);
      const killed = { folder: join(folder, "killed"), boot: seed, configuration };
      const { starts, verdict } = await killGateway(killed, figure);
      note("control: a gateway that acknowledges before the disk has it");
      const early = { ...killed, folder: join(folder, "control"), fault: "ack-early" } as const;
      const control = await killGateway(early, 5);
      const startMs = starts.map(({ ms }) => ms);
      const cpuMs = starts.map((start) => start.cpuMs);
      const p50Ms = quantile(startMs, 0.5);
      const p99CpuMs = quantile(cpuMs, 0.99);
      return {
        runs: figure,
        ...sumCounts([verdict]),
        control: controlOf(control.verdict.lost),
        ok:
          verdict.ok &&
          verdict.acked > figure * 10 &&
          (starts.length < 100 || Math.max(p50Ms, p99CpuMs) < readyWithinMs),
        notes: [
          ...verdict.examples,
          `from the start of the process until devices may connect: ` +
            `p50 ${p50Ms} ms, p99 ${quantile(startMs, 0.99)} ms; ` +
            `of processor time p50 ${quantile(cpuMs, 0.5)} ms, p99 ${p99CpuMs} ms`,
          `acknowledging early lost ${control.verdict.lost} of ${control.verdict.acked}`,
        ],
      };
    }),
};

interface Outcome {
  readonly verdict: LedgerVerdict;
  /** Each start that was waited for. */
  readonly starts: readonly { readonly ms: number; readonly cpuMs: number }[];
}

function killGateway(options: TrialOptions, kills: number): Promise<Outcome> {
  return inTrial(options, async ({ drain, gateway, judge, load, startBackbone }) => {
    const random = createSeededRandom(options.boot);
    const server = await startBackbone();
    const cable = await openCable({ host: "127.0.0.1", port: server.port });
    try {
      await gateway.redirect(cable.port);
      const devices = load({});
      const starts: Outcome["starts"][number][] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        if (random() < 0.3) cable.unplug();
        else cable.plug();
        if (random() < 0.25) {
          const starting = gateway.start().catch(() => {});
          await sleep(systemClock, random() * 400);
          await gateway.kill();
          await starting;
          continue;
        }
        const beganMs = systemClock.monotonicMs();
        await gateway.start();
        const ms = Math.round(systemClock.monotonicMs() - beganMs);
        starts.push({ ms, cpuMs: readProcess(gateway.pid).cpuMs });
        await sleep(systemClock, 20 + random() * 150);
        await gateway.kill();
      }
      cable.plug();
      await gateway.start();
      await devices.stop();
      return { verdict: judge(await drain()), starts };
    } finally {
      await gateway.kill();
      await cable.close();
    }
  });
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
