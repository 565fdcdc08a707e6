/**
 * Everything at once and for long: load that never pauses, and every few seconds another fault by
 * chance. In the end all is healed, and every number that a device got acknowledged must be stored
 * once and in order, or be declared lost. In its last third the process of the gateway lives on, so
 * that one sees whether it grows.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Random } from "../../src/core/retry.ts";
import { openCable } from "../../src/simulate/cable.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { Fault } from "../support/planted-program.ts";
import { visitGatewayStream } from "../support/read-gateway-stream.ts";
import { waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { type Growth, growthOf, watchProcess } from "./process-growth.ts";
import {
  gatewayKilled,
  type Lasting,
  type TortureFault,
  type TortureSite,
  tortureFaults,
} from "./torture-faults.ts";
import { TortureJudge, type TortureVerdict } from "./torture-judge.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const ratePerSecond = 2_000;
const devices = 64;
/** Shorter runs have shorter faults. */
const fullSeconds = 60;
const controlSeconds = 10;
const mostRssRise = 1.3;
const mostMoreFiles = 10;
const mib = 2 ** 20;

export const torture: Arm = {
  goal: "R23",
  title: "torture (seconds): faults by chance under load",
  figures: { small: 0, ci: 600, nightly: 7_200 },
  missing: async () => (process.platform === "linux" ? undefined : "not Linux"),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = process.env["FAULT_SEED"] ?? `torture-${Date.now()}`;
      note(`seed ${seed}`);
      const run = { seed, seconds: figure, faults: tortureFaults, note };
      const { faults, growth, caughtUpMs, verdict } = await torment({
        ...run,
        folder: join(folder, "tormented"),
      });
      note("control: a gateway that acknowledges before the disk has it");
      const control = await torment({
        ...run,
        folder: join(folder, "control"),
        seconds: controlSeconds,
        faults: [gatewayKilled],
        fault: "ack-early",
      });
      const { devices: numbers, losses, rejections } = verdict;
      const clean = numbers.duplicated + numbers.reordered === 0 && losses.faults.length === 0;
      const declared = numbers.lost <= losses.missing;
      const [warmRss, lastRss] = growth.rssBytes;
      const [warmFiles, lastFiles] = growth.openFiles;
      const flat = lastRss <= warmRss * mostRssRise && lastFiles <= warmFiles + mostMoreFiles;
      const controlLost = control.verdict.devices.lost;
      return {
        runs: sum(faults.values()),
        acked: numbers.sent,
        lost: numbers.lost,
        duplicated: numbers.duplicated,
        reordered: numbers.reordered,
        declaredLost: losses.faults.length === 0 ? numbers.lost : 0,
        control: controlOf(controlLost),
        ok: clean && declared && flat && numbers.sent > figure * 500,
        notes: [
          ...(clean && declared ? [] : numbers.examples),
          ...losses.faults,
          [...faults].map(([name, times]) => `${name} ${times}`).join(", "),
          `${losses.missing} records missing, ${losses.declared} declared; ${rejections} rejections; caught up ${(caughtUpMs / 1_000).toFixed(1)} s after the last fault`,
          `memory of one process, warm and at last: ${(warmRss / mib).toFixed(0)} and ${(lastRss / mib).toFixed(0)} MiB, ${(growth.rssBytesPerHour / mib).toFixed(1)} MiB/h over all; open files ${warmFiles} and ${lastFiles}`,
          `acknowledging early lost ${controlLost} of ${control.verdict.devices.sent}`,
        ],
      };
    }),
};

interface Torment {
  readonly folder: string;
  readonly seed: string;
  readonly seconds: number;
  readonly faults: readonly TortureFault[];
  /** Planted in the gateway. */
  readonly fault?: Fault | undefined;
  readonly note: (text: string) => void;
}

interface Outcome {
  readonly verdict: TortureVerdict;
  /** How often each fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  /** Of the process that lived to the end. */
  readonly growth: Growth;
  /** From the last fault on. */
  readonly caughtUpMs: number;
}

function torment({ fault, folder, ...how }: Torment): Promise<Outcome> {
  const options = { folder, boot: how.seed, fault };
  return inTrial(options, async (trial) => {
    const { gateway } = trial;
    const server = await trial.startBackbone();
    const uplink = await openCable({ host: "127.0.0.1", port: server.port });
    const downlink = await openCable({ host: "127.0.0.1", port: gateway.mqttPort });
    const site: TortureSite = {
      trial,
      uplink,
      downlink,
      server,
      statusSocket: join(folder, "gateway.sock"),
      store: join(folder, "nats", "jetstream"),
    };
    const judge = new TortureJudge();
    try {
      await gateway.redirect(uplink.port);
      await gateway.start();
      const load = trial.load({
        url: `mqtt://127.0.0.1:${downlink.port}`,
        connections: devices,
        ratePerSecond,
        onAck: (device, n) => judge.acked(device, n),
      });
      const watch = watchProcess(() => gateway.pid);
      const faults = await strikeAll(site, how);
      const healedMs = systemClock.monotonicMs();
      await untilCalm(site);
      const caughtUpMs = systemClock.monotonicMs() - healedMs;
      await sleep(systemClock, Math.min(15_000, how.seconds * 100));
      watch.stop();
      await load.stop(60_000);
      await gateway.drained();
      await visitGatewayStream(server.url, (body) => judge.stored(body));
      const samples = watch.samples.filter(({ pid }) => pid === gateway.pid);
      // Its first tenth is warming up.
      const warm = samples.slice(Math.floor(samples.length / 10));
      const growth = growthOf(warm, Math.ceil(samples.length / 10));
      return { verdict: judge.verdict(), faults, growth, caughtUpMs };
    } finally {
      await gateway.kill();
      await uplink.close();
      await downlink.close();
    }
  });
}

/** Strikes for so many seconds; in the last third the gateway is left alive. */
async function strikeAll(
  site: TortureSite,
  { faults, note, seconds, seed }: Omit<Torment, "fault" | "folder">,
): Promise<ReadonlyMap<string, number>> {
  const random = createSeededRandom(seed);
  const pace = Math.min(1, seconds / fullSeconds);
  const lasting: Lasting = (from, to) => (from + random() * (to - from)) * 1_000 * pace;
  const deck = new Deck(faults, random);
  const times = new Map<string, number>();
  const startedMs = systemClock.monotonicMs();
  const passed = (): number => (systemClock.monotonicMs() - startedMs) / 1_000 / seconds;
  while (passed() < 1) {
    const untilNextMs = lasting(5, 30);
    const beganMs = systemClock.monotonicMs();
    const { name, strike } = deck.draw(passed() < 2 / 3 || faults.length === 1);
    note(`${((beganMs - startedMs) / 1_000).toFixed(0)} s: ${name}`);
    await strike(site, random, lasting);
    times.set(name, (times.get(name) ?? 0) + 1);
    await sleep(systemClock, Math.max(0, beganMs + untilNextMs - systemClock.monotonicMs()));
  }
  return times;
}

/** Draws by chance; each fault comes once before one comes again. */
class Deck {
  readonly #faults: readonly TortureFault[];
  readonly #random: Random;
  #left: TortureFault[] = [];

  constructor(faults: readonly TortureFault[], random: Random) {
    this.#faults = faults;
    this.#random = random;
  }

  draw(mayEndGateway: boolean): TortureFault {
    for (;;) {
      const at = Math.floor(this.#random() * this.#left.length);
      const [drawn] = this.#left.splice(at, 1);
      if (!drawn) this.#left = [...this.#faults];
      else if (mayEndGateway || !drawn.endsGateway) return drawn;
    }
  }
}

/** Waits until the gateway has caught up with devices that go on. */
async function untilCalm({ trial: { gateway } }: TortureSite): Promise<void> {
  const link = async () => (await gateway.status()).link;
  await waitWhileMoving(
    async () => (await link()).kind === "linked",
    async () => (await link()).sent,
    "the gateway has caught up",
  );
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((all, value) => all + value, 0);
}
