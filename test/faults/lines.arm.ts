/**
 * All simulated devices at once, while the gateway, the backbone and each device are restarted in turn:
 * those at lines that speak by themselves, over terminals and serial servers, with frames that are cut or
 * have wrong checksums; Modbus devices over a terminal, serial servers and Modbus TCP, which refuse and
 * are late besides; a node of Sparkplug B and devices over MQTT. What is stored was said, value for value,
 * once and in order, and nothing is missing that was said, or asked for, while somebody listened.
 *
 * Nobody acknowledges at a line: what is said while no gateway runs is gone, and counts for nothing
 * here. What a gateway acknowledged over MQTT is stored whatever happened.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { talkers } from "../../src/simulate/lines/families.ts";
import type { LineFamily } from "../../src/simulate/lines/line-family.ts";
import type { Misbehavior } from "../../src/simulate/lines/misbehavior.ts";
import { modbusDevices } from "../../src/simulate/modbus/devices.ts";
import type { NodeSimulator } from "../../src/simulate/sparkplug/node-simulator.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { judgeLines } from "./line-ledger.ts";
import { quickProfiles, type Speaker, startSpeaker, type Way } from "./line-speakers.ts";
import { judgeNode, type NodeQuiet, startNode } from "./node-speaker.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const everyMs = 100;
const bareEveryMs = 4;
/** Of devices that are asked every three seconds. */
const measureEveryMs = 100;
/** How long everybody is left alone between two faults, and at the end. */
const quietMs = 2_000;

/** Devices at terminals, and those that have a network port; the rest is at serial servers. */
const ways: Readonly<Record<string, Way>> = {
  ...{ dsmr: "pty", "nmea-gps": "pty", sds011: "pty", sdm120: "pty" },
  ...{ umg96: "modbus-tcp", sunspec: "modbus-tcp", plc: "modbus-tcp" },
};
const damaging: Partial<Misbehavior> = { wrongChecksum: 0.05, cut: 0.02 };
const refusing: Partial<Misbehavior> = { ...damaging, exception: 0.02, late: 0.01 };
const well: Partial<Misbehavior> = { cut: 0, wrongChecksum: 0, exception: 0, late: 0 };

export const lines: Arm = {
  goal: "R29",
  title: "all simulated devices at once, each part restarted",
  figures: { small: 0, ci: 10, nightly: 100 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const all = await playAll(join(folder, "lines"), figure);
      note("control: damaged bytes of devices that have no checksum");
      const control = await playBare(join(folder, "bare"));
      const counts = sumCounts([all.lines.counts, all.node, all.mqtt]);
      const falseValues = all.lines.falseValues + all.node.falseValues.length;
      return {
        runs: figure * (3 + talkers.length + modbusDevices.length),
        ...counts,
        control: controlOf(control.falseValues + control.counts.reordered),
        ok:
          counts.lost + counts.duplicated + counts.reordered + falseValues === 0 &&
          all.lines.counts.acked > talkers.length * 20 &&
          all.silent.length === 0 &&
          all.node.acked > 0,
        notes: [
          ...all.lines.examples,
          ...all.node.falseValues.slice(0, 5),
          ...all.silent.map((name) => `nothing is stored of ${name}`),
          `${all.lines.values + all.node.values} values compared with what was measured`,
          `${all.node.acked} messages of a Sparkplug node, ${all.mqtt.acked} acknowledged over MQTT`,
        ],
      };
    }),
};

async function playAll(folder: string, rounds: number) {
  await mkdir(folder, { recursive: true });
  const speakers = [
    ...(await startAll(folder, talkers, everyMs, damaging)),
    ...(await startAll(folder, modbusDevices, measureEveryMs, refusing, true)),
  ];
  const profiles = await quickProfiles(folder, modbusDevices);
  return playing(folder, speakers, { folders: [profiles] }, async (trial) => {
    let server = await trial.startBackbone();
    await trial.gateway.start();
    const load = trial.load({ connections: 4, ratePerSecond: 40 });
    const node = startNode(trial.gateway.mqttPort);
    for (let round = 0; round < rounds; round += 1) {
      await sleep(systemClock, quietMs);
      await trial.gateway.kill();
      await trial.gateway.start();
      await sleep(systemClock, quietMs);
      await server.kill();
      await sleep(systemClock, quietMs);
      server = await trial.startBackbone();
      node.restart(round % 2 === 0);
      for (const { simulator } of speakers) {
        simulator.restart();
        await sleep(systemClock, 200);
      }
    }
    const { listened, quiet } = await quietTime(speakers, node);
    await node.stop();
    await load.stop();
    await silenced(trial, speakers);
    const bodies = await trial.drain();
    const mqtt = trial.judge(bodies);
    const verdict = judgeLines(bodies, speakers, listened);
    const nodeVerdict = { ...judgeNode(bodies, quiet), duplicated: 0 };
    return { lines: verdict, node: nodeVerdict, mqtt, silent: verdict.silent };
  });
}

/** A scale without a checksum, whose bytes are damaged. */
async function playBare(folder: string) {
  await mkdir(folder, { recursive: true });
  const bare = talkers.filter(({ name }) => name === "scale-sics");
  const speakers = await startAll(folder, bare, bareEveryMs, { damage: 0.05 });
  return playing(folder, speakers, {}, async (trial) => {
    await trial.startBackbone();
    await trial.gateway.start();
    await sleep(systemClock, 2 * quietMs);
    await silenced(trial, speakers);
    return judgeLines(await trial.drain(), speakers, new Map());
  });
}

function startAll(
  folder: string,
  families: readonly LineFamily[],
  paceMs: number,
  misbehavior: Partial<Misbehavior>,
  isAsked = false,
): Promise<readonly Speaker[]> {
  return Promise.all(
    families.map((family) => {
      const way = ways[family.name] ?? "tcp";
      return startSpeaker({ family, way, folder, everyMs: paceMs, misbehavior, isAsked });
    }),
  );
}

async function playing<T>(
  folder: string,
  speakers: readonly Speaker[],
  profiles: object,
  work: (trial: Trial) => Promise<T>,
): Promise<T> {
  const sources = speakers.map(({ source }) => source);
  const configuration = stringify({ devices: speakers.map(({ device }) => device), profiles });
  try {
    return await inTrial({ folder, boot: "lines", sources, configuration }, work);
  } finally {
    for (const speaker of speakers) await speaker.stop();
  }
}

/** The readings of a time in which all is well. Whoever was cut off has found its way again. */
async function quietTime(speakers: readonly Speaker[], node: NodeSimulator) {
  for (const { simulator } of speakers) simulator.misbehave(well);
  node.misbehave({ cut: 0, lost: 0, unknownAlias: 0 });
  await waitUntil(() => node.isUp, "the node is connected");
  node.bear();
  await sleep(systemClock, 3 * quietMs);
  const before = new Map(speakers.map(({ name, said }) => [name, Math.max(0, ...said)]));
  const begun = { atMs: systemClock.wallMs(), data: node.counts().data };
  await sleep(systemClock, 3 * quietMs);
  const toMs = systemClock.wallMs();
  const quiet: NodeQuiet = {
    fromMs: begun.atMs,
    toMs,
    sent: node.counts().data - begun.data,
  };
  const listened = new Map(
    speakers.map(({ name, whole }) => {
      const numbers = [...whole.keys()];
      return [name, numbers.filter((number) => number > (before.get(name) ?? 0))];
    }),
  );
  // Who is asked just now answers to the end.
  await sleep(systemClock, quietMs);
  return { listened, quiet };
}

async function silenced({ gateway }: Trial, speakers: readonly Speaker[]): Promise<void> {
  for (const { simulator } of speakers) simulator.misbehave({ silence: 1 });
  let received = -1;
  await waitUntil(async () => {
    const last = received;
    await sleep(systemClock, 1_000);
    received = (await gateway.status()).flow.received;
    return received === last;
  }, "the gateway has heard everything");
}
