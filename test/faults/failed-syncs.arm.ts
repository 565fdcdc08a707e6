/**
 * A disk that cannot write: what was not acknowledged goes to another file, the failed one is never
 * synced again, and devices are heard soon after the disk has healed.
 *
 * Shown twice. In a machine with a device that refuses writes, the kernel does what kernels do: it
 * forgets what it could not write, and calls the next sync of the file a success. On this machine
 * strace makes syncs fail, and writes down each one.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/app/system-clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { startLoad } from "../../src/simulate/load-generator.ts";
import { gatewayProgram, programWith } from "../support/gateway-program.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { readSystemCalls, straceCommand, straceMissing } from "../support/strace.ts";
import type { Arm } from "./arm.ts";
import { type Counts, sumCounts } from "./counts.ts";
import { AckedNumbers } from "./uml/acked-numbers.ts";
import { bundleGuest } from "./uml/bundle-guest.ts";
import { makeImage, runFile } from "./uml/disk-image.ts";
import { LogJudge, type LogVerdict } from "./uml/log-judge.ts";
import { bootMachine } from "./uml/machine.ts";
import { missingForMachine } from "./uml/missing.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const guest = fileURLToPath(new URL("uml/guests/failing-disk.sh", import.meta.url));
const mib = 2 ** 20;
/** So many failures on one disk; then a power cut, for only that shows what is on the medium. */
const windowsPerDisk = 10;
/** A disk that healed is in use again. */
const readyWithinMs = 5_000;
const tracedEvents = 8_000;
const tracedControlEvents = 500;

export const failedSyncs: Arm = {
  goal: "R6",
  title: "syncs that fail",
  figures: { small: 0, ci: 10, nightly: 100 },
  missing: async () => (await missingForMachine(["dmsetup"])) ?? straceMissing(),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const guestProgram = await bundleGuest("gateway-on-failing-disk", folder);
      const seed = `syncs-${Date.now()}`;
      note(`seed ${seed}`);
      const disks: DiskOutcome[] = [];
      for (let done = 0; done < figure; done += windowsPerDisk) {
        const windows = Math.min(windowsPerDisk, figure - done);
        disks.push(
          await failDisk({ folder, guestProgram, seed: `${seed}/${done}`, windows, note }),
        );
      }
      note("control: a gateway that syncs a failed file again");
      const given = { folder, guestProgram, seed, windows: 1, note };
      const { verdict: control } = await failDisk({ ...given, fault: "retry-sync" });
      const traced = await traceFailures({ folder, seed, events: tracedEvents, note });
      note("control: the same under strace");
      const { syncedAgain } = await traceFailures({
        folder,
        seed,
        events: tracedControlEvents,
        fault: "retry-sync",
        note,
      });

      const verdicts: Counts[] = [...disks.map(({ verdict }) => verdict), traced.verdict];
      const faults = [...disks.flatMap(({ verdict }) => verdict.faults), ...traced.faults];
      const slowestMs = Math.max(...disks.flatMap(({ readyMs }) => readyMs));
      const result = { runs: figure + traced.failures, ...sumCounts(verdicts) };
      const clean = result.lost + result.duplicated + result.reordered + result.declaredLost === 0;
      return {
        ...result,
        control: control.lost > 0 && syncedAgain > 0 ? "harmed" : "unharmed",
        ok: clean && faults.length === 0 && traced.failures > 0 && slowestMs <= readyWithinMs,
        notes: [
          ...faults.slice(0, 5),
          `acknowledging again at most ${slowestMs} ms after the disk had healed`,
          `${traced.failures} syncs failed under strace, ${traced.syncedAgain} were tried again`,
          `syncing again lost ${control.lost} of ${control.acked} acked; ` +
            `strace saw ${syncedAgain} files synced again`,
        ],
      };
    }),
};

interface FailingDisk {
  readonly folder: string;
  readonly guestProgram: string;
  readonly seed: string;
  readonly windows: number;
  readonly fault?: Fault | undefined;
  readonly note: (text: string) => void;
}

interface DiskOutcome {
  readonly verdict: LogVerdict;
  /** From each healing to the next PUBACK. */
  readonly readyMs: readonly number[];
}

/** Lets a disk fail for a while, several times, cuts the power, and judges what is on it. */
async function failDisk(failing: FailingDisk): Promise<DiskOutcome> {
  const { fault, folder, guestProgram, note, seed, windows } = failing;
  const disk = join(folder, "disk.img");
  const journal = join(folder, "journal.img");
  const copy = join(folder, "copy.img");
  await makeImage(disk, 512 * mib);
  await makeImage(journal, 64 * mib);
  await makeImage(copy, 512 * mib);
  const acks = new AckedNumbers();
  const readyMs: number[] = [];
  const gateway = await programWith(fault);
  const boot = (variables: Record<string, string>) =>
    bootMachine({
      guest,
      folder,
      disks: [disk, journal, copy],
      modules: ["dm-mod", "dm-flakey"],
      variables: { program: guestProgram, gateway, seed, ...variables },
      onLine: (line) => {
        acks.readLine(line);
        const [, ms] = /^ACKING (\d+)/.exec(line) ?? [];
        if (ms !== undefined) readyMs.push(Number(ms));
      },
    });
  const machine = boot({ windows: String(windows), only_copy: "" });
  try {
    await machine.line(/^DONE/, 60_000 + windows * 15_000);
  } finally {
    await machine.cut();
  }
  const acked = [...acks];
  const judging = boot({ windows: "0", only_copy: "yes" });
  try {
    await judging.line(/^COPIED/);
  } finally {
    await judging.cut();
  }
  const found = join(folder, "found");
  await rm(found, { recursive: true, force: true });
  await mkdir(found);
  await runFile("tar", ["-C", found, "-xf", copy]);
  const judge = new LogJudge();
  await judge.judge(join(found, "log"), acked);
  const { verdict } = judge;
  note(`${windows} failures: ${verdict.acked} acked, ${verdict.lost} lost; ready ${readyMs} ms`);
  return { verdict, readyMs };
}

interface Tracing {
  readonly folder: string;
  readonly seed: string;
  readonly events: number;
  readonly fault?: Fault | undefined;
  readonly note: (text: string) => void;
}

interface TraceOutcome {
  readonly verdict: LedgerVerdict;
  readonly failures: number;
  readonly syncedAgain: number;
  readonly faults: readonly string[];
}

/** The gateway without a backbone while some of its syncs fail; then a kill, and all is drained. */
async function traceFailures(tracing: Tracing): Promise<TraceOutcome> {
  const { events, fault, note, seed } = tracing;
  const folder = await mkdtemp(join(tracing.folder, "traced-"));
  const trace = join(folder, "syncs.trace");
  const port = await freePort();
  const natsUrl = `nats://127.0.0.1:${port}`;
  const ledger = openLedger(join(folder, "acks.ndjson"));
  const gatewayOptions = {
    folder,
    natsUrl,
    configuration: "buffer: { segment_bytes: 1MiB, hold_back: { time: 10m } }\n",
  };
  const failing = await gatewayProgram({
    ...gatewayOptions,
    fault,
    wrap: straceCommand(
      ["openat", "fdatasync", "fsync"],
      trace,
      "-e",
      "inject=fdatasync,fsync:error=EIO:when=5+11",
    ),
  });
  try {
    await failing.start();
    const load = startLoad({
      url: failing.mqttUrl,
      connections: 4,
      window: 20,
      payloadBytes: 200,
      total: events,
      boot: seed,
      clock: systemClock,
      onAck: (device, n) => ledger.acked(device, n),
    });
    await load.finished;
  } finally {
    await failing.kill();
  }
  const healthy = await gatewayProgram(gatewayOptions);
  const server = await startNatsServer({ folder: join(folder, "nats"), port });
  try {
    await healthy.start();
    await healthy.drained();
    const verdict = ledger.compare(await readGatewayStream(natsUrl));
    const { failures, again } = findSyncsAgain(trace);
    note(`strace: ${failures} failed syncs, ${verdict.acked} acked, ${verdict.lost} lost`);
    const faults = [...verdict.examples, ...again.map((path) => `${path} was synced again`)];
    return { verdict, failures, syncedAgain: again.length, faults };
  } finally {
    ledger.close();
    await healthy.kill();
    await server.stop();
  }
}

/** Segments that were synced after a sync of theirs had failed; a file made anew is another one. */
function findSyncsAgain(trace: string): { failures: number; again: string[] } {
  const failed = new Set<string>();
  const again: string[] = [];
  let failures = 0;
  for (const { args, name, result } of readSystemCalls(trace)) {
    if (name === "openat") {
      const path = /"([^"]+\.seg)"/.exec(args)?.[1];
      if (path !== undefined && args.includes("O_CREAT") && !result.startsWith("-1")) {
        failed.delete(path);
      }
      continue;
    }
    const path = /<(.+)>/.exec(args)?.[1] ?? "";
    const isSegment = path.endsWith(".seg");
    if (isSegment && failed.has(path)) again.push(path);
    if (!result.startsWith("-1")) continue;
    failures += 1;
    if (isSegment) failed.add(path);
  }
  return { failures, again };
}
