/** Simulated Modbus devices, read as their profiles say, hold what they say of themselves. */
import { describe, expect, test } from "vitest";
import { toDeviceId } from "../../../src/core/ids.ts";
import type { PollPlan, RegisterBlock } from "../../../src/core/poll-plan.ts";
import { createNormalizer } from "../../../src/normalize/normalizer.ts";
import type { LineFrame, LineSurroundings } from "../../../src/simulate/lines/line-family.ts";
import { modbusDevices } from "../../../src/simulate/modbus/devices.ts";
import { loadProfile } from "../../devices/load-profile.ts";
import { givenCatalog, givenDevice, givenMessage } from "../../normalize/given.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const functions = { coil: 1, discrete: 2, holding: 3, input: 4 } as const;

/** The device behind TCP: asked, it answers at once. */
function openDevice(family: (typeof modbusDevices)[number], unit: number, number: number) {
  let hear: (bytes: Uint8Array) => void = () => {};
  let answer = Buffer.alloc(0);
  const surroundings: LineSurroundings = {
    clock: new ManualClock(),
    random: () => 1,
    everyMs: 1_000,
    nextNumber: () => number,
    goesWrong: () => false,
  };
  const port = {
    write: ({ bytes }: LineFrame) => {
      answer = Buffer.from(bytes);
    },
    onData: (listener: (bytes: Uint8Array) => void) => {
      hear = listener;
    },
  };
  (family.openAtTcp ?? family.open)(port, surroundings);
  return (pdu: readonly number[]): Buffer => {
    hear(Buffer.from([0, 1, 0, 0, 0, pdu.length + 1, unit, ...pdu]));
    return answer.subarray(7);
  };
}

type Ask = ReturnType<typeof openDevice>;

function readBlock(ask: Ask, { count, table }: RegisterBlock, at: number): string {
  const pdu = ask([functions[table], at >> 8, at & 255, count >> 8, count & 255]);
  expect([table, at, count, pdu[0]]).toEqual([table, at, count, functions[table]]);
  const bytes = pdu.subarray(2);
  if (table === "holding" || table === "input") return bytes.toString("hex");
  return Array.from({ length: count }, (_, n) => ((bytes[n >> 3] ?? 0) >> (n & 7)) & 1).join("");
}

/** Where the models of a SunSpec device begin, by their ids. */
function modelsOf(ask: Ask, marker: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = marker + 2; ; ) {
    const head = readBlock(ask, { table: "holding", at, count: 2 }, at);
    const [id, length] = [head.slice(0, 4), head.slice(4)].map((word) => Number.parseInt(word, 16));
    if (id === undefined || length === undefined || id === 0xffff) return found;
    found.set(id, at);
    at += 2 + length;
  }
}

/** All groups of a plan as one payload. */
function pollAll(ask: Ask, plan: PollPlan): object {
  const payload: Record<string, Record<string, string> | object> = {};
  const [marker = 0] = plan.markers;
  const hasModels = plan.groups.some(({ models }) => models !== undefined);
  const models = hasModels ? modelsOf(ask, marker) : new Map<number, number>();
  for (const group of plan.groups) {
    const [found] = group.models?.flatMap((id) => models.get(id) ?? []) ?? [];
    if (group.models !== undefined && found === undefined) continue;
    const from = found ?? 0;
    for (const block of group.blocks) {
      const table = payload[block.table] ?? {};
      payload[block.table] = {
        ...table,
        [from + block.at]: readBlock(ask, block, from + block.at),
      };
    }
  }
  return { ...payload, models: Object.fromEntries(models) };
}

describe.each(modbusDevices.map((family) => [family.name, family] as const))(
  "%s",
  (name, family) => {
    test.each([1, 7, 1_234])(
      "read by its profile it stores what it says of reading %d",
      (number) => {
        const { told } = family;
        if (told === undefined) throw new Error(`${name} does not say what it says`);
        const profile = loadProfile(`${told.profile}.yaml`);
        const { poll } = profile.codec;
        if (poll === undefined) throw new Error(`${told.profile} polls nothing`);
        const ask = openDevice(family, name === "senseair-s8" ? 254 : 1, number);
        const address = "modbus/trial/d1";
        const normalize = createNormalizer({
          catalog: givenCatalog({
            profiles: [profile],
            devices: [givenDevice({ id: "d1", profile: told.profile })],
          }),
          maxSkewMs: 300_000,
          maxAgeMs: 30 * 86_400_000,
          maxRejectedBytes: 4_096,
        });
        const message = givenMessage(address, pollAll(ask, poll), { device: toDeviceId("d1") });
        const normalized = normalize(message, true);
        if (normalized.passedOver !== undefined || normalized.event.kind !== "measurement")
          throw new Error(JSON.stringify(normalized));
        const { data } = normalized.event;
        const stored = Object.fromEntries(data.map((one) => [one.name, one.value]));
        expect(stored).toMatchObject(told.values(number));
        expect(data.filter(({ quality }) => quality === "bad")).toEqual([]);
        expect(told.counter.numberOf(Number(stored[told.counter.metric]))).toBe(number);
      },
    );
  },
);
