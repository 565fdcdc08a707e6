/** Simulated devices at lines with what they said, each at a terminal, a serial server or Modbus TCP. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import * as z from "zod";
import { systemClock } from "../../src/app/system-clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { freePort } from "../../src/demo/free-port.ts";
import type { OpenHostPort } from "../../src/simulate/lines/host-port.ts";
import type { LineFamily, ToldReadings } from "../../src/simulate/lines/line-family.ts";
import { type LineSimulator, startLineSimulator } from "../../src/simulate/lines/line-simulator.ts";
import type { Misbehavior } from "../../src/simulate/lines/misbehavior.ts";
import { listenInPlaceOfPort } from "../../src/simulate/lines/tcp-port.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { openLine } from "../../src/sources/lines/open-line.ts";
import { lineSource } from "../support/line-sources.ts";
import { startPtyPair } from "../support/pty-pair.ts";

const shipped = new URL("../../devices/", import.meta.url);

/** How a device is reached. */
export type Way = "pty" | "tcp" | "modbus-tcp";

/** A device with what it said. */
export interface Speaker {
  /** Also the id of the device. */
  readonly name: string;
  readonly told: ToldReadings;
  /** It answers when it is asked, each block of registers by itself, with the reading of then. */
  readonly isAsked: boolean;
  readonly simulator: LineSimulator;
  /** Numbers of readings of which anything was said. */
  readonly said: Set<number>;
  /** Numbers of readings of which frames left whole, with how many did. */
  readonly whole: Map<number, number>;
  /** The entries of the configuration that read it. */
  readonly source: object;
  readonly device: object;
  stop(): Promise<void>;
}

export interface SpeakerOptions {
  readonly family: LineFamily;
  readonly way: Way;
  readonly folder: string;
  readonly everyMs: number;
  readonly misbehavior: Partial<Misbehavior>;
  readonly isAsked?: boolean;
}

export async function startSpeaker(options: SpeakerOptions): Promise<Speaker> {
  const { everyMs, family, isAsked = false, misbehavior, way } = options;
  const { name, told } = family;
  if (told === undefined) throw new Error(`${name} does not tell what it measures`);
  const line = await openWay(options);
  const said = new Set<number>();
  const whole = new Map<number, number>();
  const open = way === "modbus-tcp" ? (family.openAtTcp ?? family.open) : family.open;
  const simulator = await startLineSimulator({
    family: { ...family, open },
    openPort: line.openPort,
    clock: systemClock,
    random: createSeededRandom(name),
    everyMs,
    misbehavior,
    onFrame: ({ number }, fate) => {
      if (number === undefined || fate === "silent") return;
      said.add(number);
      if (fate === "whole") whole.set(number, (whole.get(number) ?? 0) + 1);
    },
  });
  const source = isAsked ? bus(name, line.path) : lineSource(name, line.path);
  const stop = async (): Promise<void> => {
    await simulator.stop();
    await line.stop();
  };
  const device = { id: name, profile: told.profile };
  return { name, told, isAsked, simulator, said, whole, source, device, stop };
}

/** Waits longer than a busy machine takes: what was answered is then stored. */
function bus(name: string, path: string): object {
  const address = name === "senseair-s8" ? 254 : 1;
  const members = [{ device: name, address }];
  return { kind: "modbus", name, path, members, timeout: "5s", dead_every: "1s" };
}

async function openWay({ family, folder, way }: SpeakerOptions) {
  if (way === "pty") {
    const { baud, dataBits: data_bits, parity } = family.settings;
    const form = { baud, data_bits, parity, stop_bits: 1, flow: "none" } as const;
    const pair = await startPtyPair(folder, family.name);
    const openPort: OpenHostPort = openLine(
      { ...form, path: pair.device },
      { source: "sim", logger: silentLogger },
    );
    return { path: pair.gateway, openPort, stop: () => pair.stop() };
  }
  const port = await freePort();
  const openPort = listenInPlaceOfPort("127.0.0.1", port);
  return { path: `${way}://127.0.0.1:${port}`, openPort, stop: async () => {} };
}

/**
 * Copies of the profiles of devices that are asked, which ask every three seconds for the block that has the
 * number of the reading; for the others once after each start.
 */
export async function quickProfiles(
  folder: string,
  families: readonly LineFamily[],
): Promise<string> {
  const profiles = join(folder, "profiles");
  for (const { told } of families) {
    const file = `${told?.profile}.yaml`;
    const text = await readFile(new URL(file, shipped), "utf8");
    const { metrics, registers, ...rest } = profileForm.parse(parse(text));
    const counter = metrics.find(({ name }) => name === told?.counter.metric)?.path;
    const groups = registers.groups.map((group) => ({
      ...group,
      every: group.values.some(({ name }) => name === counter) ? "3s" : "1h",
    }));
    await mkdir(dirname(join(profiles, file)), { recursive: true });
    const quick = { ...rest, metrics, registers: { ...registers, groups } };
    await writeFile(join(profiles, file), stringify(quick));
  }
  return profiles;
}

const profileForm = z.looseObject({
  metrics: z.array(z.looseObject({ name: z.string(), path: z.string() })),
  registers: z.looseObject({
    groups: z.array(z.looseObject({ values: z.array(z.looseObject({ name: z.string() })) })),
  }),
});
