/**
 * R24: starts that cannot work as they should. A second gateway on one data folder, another user's
 * folder, a volume that became read-only.
 */
import { chmod, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { systemClock } from "../../src/app/system-clock.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { startLoad } from "../../src/simulate/load-generator.ts";
import { gatewayProgram } from "../support/gateway-program.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { runToEnd } from "../support/run-to-end.ts";
import { appendSamples, openSampleLog } from "../support/sample-log.ts";
import { snapshotOf } from "../support/snapshot.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { missingVolume, onSmallVolume } from "./small-volume.ts";
import { runFile } from "./uml/disk-image.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Nothing answers there. */
const noBackbone = "nats://127.0.0.1:1";
/**
 * A second instance is gone within this time, the start of Node included; or, on a busy machine,
 * before so many starts that work.
 */
const mostRefusalMs = 1_500;
const mostRefusalStarts = 2;
const nobody = 65_534;

interface Refused {
  readonly status: number | null;
  readonly said: string;
  readonly ms: number;
}

export const secondStart: Arm = {
  goal: "R24",
  title: "double start, foreign owner, read-only",
  figures: { small: 1, ci: 3, nightly: 20 },
  missing: missingVolume,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const failures: string[] = [];
      const notes: string[] = [];
      for (let run = 0; run < figure; run += 1) {
        const home = join(folder, String(run));
        await mkdir(home);
        const second = await startTwice(home);
        notes.push(`second instance refused after ${second.ms.toFixed(0)} ms`);
        failures.push(...second.failures, ...(await startAsNobody(join(home, "denied"))));
        failures.push(...(await startReadOnly(join(home, "read-only"))));
      }
      for (const failure of failures) note(failure);
      return {
        runs: figure * 3,
        acked: 0,
        lost: 0,
        duplicated: 0,
        reordered: 0,
        declaredLost: 0,
        control: "none needed",
        ok: failures.length === 0,
        notes: [...notes.slice(0, 3), ...failures.slice(0, 5)],
      };
    }),
};

/** A second instance goes at once, says which folder it is about, and touches no file. */
async function startTwice(home: string): Promise<{ ms: number; failures: string[] }> {
  const failures: string[] = [];
  const gateway = await gatewayProgram({ folder: home, natsUrl: noBackbone });
  try {
    const beganMs = performance.now();
    await gateway.start();
    const startMs = performance.now() - beganMs;
    // Where nothing is received and the watermark stands, nobody writes but an intruder.
    process.kill(gateway.pid, "SIGSTOP");
    const before = await snapshotOf(join(home, "data"));
    // A stopped process does not answer, but the system takes the connection for it.
    const second = await runProgram(gateway.configPath);
    if (second.status !== 75)
      failures.push(`second instance: exit ${second.status}: ${second.said}`);
    if (second.ms > Math.max(mostRefusalMs, mostRefusalStarts * startMs))
      failures.push(`second instance: gone after ${second.ms} ms`);
    if (!second.said.includes(join(home, "data")) || !second.said.includes("buffer.locked"))
      failures.push(`second instance: said ${second.said}`);
    if (!isDeepStrictEqual(await snapshotOf(join(home, "data")), before))
      failures.push("second instance: wrote");
    process.kill(gateway.pid, "SIGCONT");
    if ((await gateway.stop()) !== 0) failures.push("first instance: did not stop in order");
    return { ms: second.ms, failures };
  } finally {
    await gateway.kill();
  }
}

/** Another user's folder: the message says what to do, and nothing is touched. */
async function startAsNobody(home: string): Promise<string[]> {
  await mkdir(home);
  const gateway = await gatewayProgram({ folder: home, natsUrl: noBackbone });
  const data = join(home, "data");
  await writeSamples(join(data, "log"));
  await chmod(data, 0o700);
  for (let up = home; up !== tmpdir(); up = join(up, "..")) await chmod(up, 0o755);
  const before = await snapshotOf(data);
  const { said, status } = await runProgram(gateway.configPath, nobody);
  const failures: string[] = [];
  if (status !== 77) failures.push(`foreign owner: exit ${status}: ${said}`);
  if (!said.includes("permission denied") || !said.includes("chown"))
    failures.push(`foreign owner: said ${said}`);
  if (!isDeepStrictEqual(await snapshotOf(data), before)) failures.push("foreign owner: wrote");
  return failures;
}

/**
 * On a read-only volume the gateway comes up, says what is wrong, acknowledges nothing; and works as
 * soon as the volume can be written again.
 */
async function startReadOnly(home: string): Promise<string[]> {
  await mkdir(join(home, "nats"), { recursive: true });
  const failures: string[] = [];
  const server = await startNatsServer({ folder: join(home, "nats") });
  await onSmallVolume("ext4", home, async (volume) => {
    const data = join(volume.folder, "data");
    await writeSamples(join(data, "log"));
    await runFile("mount", ["-o", "remount,ro", volume.folder]);
    const before = await snapshotOf(data);
    const gateway = await gatewayProgram({
      folder: home,
      natsUrl: server.url,
      data,
      socket: join(data, "sluicegate.sock"),
      configuration: "buffer: { min_free: 4MiB }\n",
    });
    try {
      await gateway.start();
      const trouble = await waitUntil(
        async () => (await gateway.status()).buffer.trouble,
        "the gateway says what is wrong",
      );
      if (!trouble.includes("read-only")) failures.push(`read-only: said ${trouble}`);
      let acked = 0;
      const load = startLoad({
        url: gateway.mqttUrl,
        connections: 1,
        window: 10,
        payloadBytes: 100,
        boot: home,
        clock: systemClock,
        onAck: () => {
          acked += 1;
        },
      });
      const second = await runProgram(gateway.configPath);
      if (second.status !== 75) failures.push(`read-only, second instance: exit ${second.status}`);
      if (acked > 0) failures.push(`read-only: ${acked} acknowledged`);
      if (!isDeepStrictEqual(await snapshotOf(data), before))
        failures.push("read-only: files changed");
      await runFile("mount", ["-o", "remount,rw", volume.folder]);
      await waitUntil(() => acked > 0, "devices are acknowledged again");
      await load.stop();
      await gateway.drained();
      if ((await gateway.stop()) !== 0) failures.push("read-only: did not stop in order");
    } finally {
      await gateway.kill();
    }
  }).finally(() => server.kill());
  return failures;
}

async function writeSamples(folder: string): Promise<void> {
  const place = { disk: nodeDisk, folder, clock: new ManualClock() };
  const log = await openSampleLog(place, "firstrun");
  await appendSamples(log, place, 40);
  await log.close();
}

async function runProgram(configPath: string, uid?: number): Promise<Refused> {
  const startedMs = performance.now();
  const { status, stderr, stdout } = await runToEnd(["run", "gateway", "--config", configPath], {
    ...(uid !== undefined && { ids: { uid, gid: uid } }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status, said: stdout + stderr, ms: performance.now() - startedMs };
}
