/**
 * A backlog that grew for a very long time: the gateway starts as fast on it and takes no more
 * memory than on a small one, drains it in order, and where it had to drop it says so exactly.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { openSegmentLog } from "../../src/buffer/open-segment-log.ts";
import { bufferOptions } from "../../src/buffer/options.ts";
import { sleep } from "../../src/core/clock.ts";
import { createDrafter } from "../../src/core/event-draft.ts";
import { type Seq, toDeviceId, toRunId } from "../../src/core/ids.ts";
import { untilDurable } from "../../src/core/until-durable.ts";
import { numberMetric } from "../../src/simulate/proof.ts";
import { readProcess } from "../bench/process-facts.ts";
import { origin } from "../support/gateway-stream.ts";
import { judge, type LedgerVerdict } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { checkDeclaredLosses, type DeclaredLosses } from "./declared-losses.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const mib = 2 ** 20;
const fewEvents = 10_000;
/** A larger backlog is drained as far as this; its rest is the same again. */
const mostDrained = 500_000;
const mostGrowthBytes = 20 * mib;
/** Or, on a busy machine, as long as so many starts on a small backlog. */
const mostStartMs = 3_000;
const mostStarts = 3;
const device = "load-1";

type Note = (text: string) => void;

export const longOffline: Arm = {
  goal: "R18",
  title: "long offline",
  figures: { small: 50_000, ci: 5_000_000, nightly: 20_000_000 },
  missing: async () => (process.platform === "linux" ? undefined : "not Linux"),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const few = await drainBacklog(join(folder, "few"), fewEvents, note);
      const many = await drainBacklog(join(folder, "many"), figure, note);
      const dropped = await dropBacklog(join(folder, "dropped"), Math.min(figure, 100_000), note);
      const control = await drainBacklog(join(folder, "control"), fewEvents, note, "drop-record");
      const growth = many.rssBytes - few.rssBytes;
      note(`${(growth / mib).toFixed(1)} MiB more memory than on ${fewEvents} events`);
      const faults = [...few.verdict.examples, ...many.verdict.examples, ...dropped.faults];
      if (growth > mostGrowthBytes) faults.push(`grew by ${(growth / mib).toFixed(0)} MiB`);
      if (many.startMs > Math.max(mostStartMs, mostStarts * few.startMs))
        faults.push(`started after ${many.startMs.toFixed(0)} ms`);
      if (dropped.missing === 0) faults.push("nothing was dropped");
      const drained = sumCounts([few.verdict, many.verdict]);
      return {
        runs: 3,
        ...drained,
        lost: drained.lost + dropped.missing,
        declaredLost: dropped.declared,
        control: controlOf(control.verdict.lost),
        ok: few.verdict.ok && many.verdict.ok && faults.length === 0,
        notes: faults,
      };
    }),
};

interface Backlog {
  readonly startMs: number;
  /** While it waits, before the backbone is there. */
  readonly rssBytes: number;
  readonly verdict: LedgerVerdict;
}

/** Starts the gateway on a backlog, then gives it a backbone. */
async function drainBacklog(
  folder: string,
  count: number,
  note: Note,
  fault?: Fault,
): Promise<Backlog> {
  await fillLog(folder, count, "64GiB");
  const options = {
    folder,
    boot: "offline",
    configuration: "buffer: { max_bytes: 64GiB, min_free: 0 }",
    fault,
  };
  return inTrial(options, async (trial) => {
    const startedMs = systemClock.monotonicMs();
    await trial.gateway.start();
    const startMs = systemClock.monotonicMs() - startedMs;
    await sleep(systemClock, 3_000);
    const { rssBytes } = readProcess(trial.gateway.pid);
    const { buffer } = await trial.gateway.status();
    const bodies = await drainSome(trial, Math.min(count, mostDrained), note);
    const { peakRssBytes } = bodies;
    note(
      `${count} events, ${(buffer.sizeBytes / mib).toFixed(0)} MiB: started in ${startMs.toFixed(0)} ms, ${(rssBytes / mib).toFixed(0)} MiB of memory waiting, ${(peakRssBytes / mib).toFixed(0)} MiB at most while draining`,
    );
    const numbers = Array.from({ length: bodies.drained }, (_, at) => [device, at + 1] as const);
    return { startMs, rssBytes, verdict: judge(numbers, bodies.bodies) };
  });
}

/** Drains at least `count` events; gives the stream as it is then, and how many it must hold. */
async function drainSome({ gateway, ...trial }: Trial, count: number, note: Note) {
  await trial.startBackbone();
  await waitUntil(async () => (await gateway.status()).link.sent > 0, "the drain begins");
  const beganMs = systemClock.monotonicMs();
  const began = (await gateway.status()).link.sent;
  const drained = await waitUntil(
    async () => {
      const { link } = await gateway.status();
      return link.sent >= count && link.sent;
    },
    `${count} events are drained`,
    600_000,
  );
  const seconds = (systemClock.monotonicMs() - beganMs) / 1_000;
  const { peakRssBytes } = readProcess(gateway.pid);
  await gateway.kill();
  note(`drained ${((drained - began) / seconds).toFixed(0)} events/s`);
  // Records of the gateway itself may be among what was sent; all of the backlog stands before them.
  return { bodies: await trial.streamNow(), drained: count, peakRssBytes };
}

/** A backlog above the cap of the buffer: what is missing in the stream is declared, exactly. */
async function dropBacklog(folder: string, count: number, note: Note): Promise<DeclaredLosses> {
  await fillLog(folder, count, "8MiB");
  const options = {
    folder,
    boot: "dropped",
    configuration: "buffer: { max_bytes: 8MiB, min_free: 0 }",
  };
  return inTrial(options, async (trial) => {
    await trial.gateway.start();
    const losses = checkDeclaredLosses(await trial.drain());
    note(
      `${count} events into 8 MiB: ${losses.missing} missing in the stream, ${losses.declared} declared`,
    );
    return losses;
  });
}

/** What a gateway without a backbone leaves behind: numbered events of one device. */
async function fillLog(folder: string, count: number, maxBytes: string): Promise<void> {
  const data = join(folder, "data", "log");
  await mkdir(data, { recursive: true });
  let uuids = 0;
  const log = await openSegmentLog(bufferOptions.parse({ max_bytes: maxBytes, min_free: 0 }), {
    folder: data,
    origin,
    run: toRunId("offline0"),
    segmentUuid() {
      uuids += 1;
      const uuid = Buffer.alloc(16);
      uuid.writeUInt32LE(uuids, 3);
      return uuid;
    },
    disk: nodeDisk,
    clock: systemClock,
    logger: silentLogger,
    metrics: silentMetrics,
  });
  const draft = createDrafter(origin);
  const timeMs = systemClock.wallMs();
  const id = toDeviceId(device);
  const append = (n: number): Seq =>
    log.append(
      draft({
        kind: "measurement",
        device: id,
        timeMs,
        receivedMs: timeMs,
        clock: "gateway",
        data: [{ name: numberMetric, value: n, quality: "good" }],
      }),
    );
  const atOnce = 5_000;
  for (let from = 1; from <= count; from += atOnce) {
    const to = Math.min(count, from + atOnce - 1);
    for (let n = from; n < to; n += 1) append(n);
    await untilDurable(log, append(to));
  }
  await log.close();
}
