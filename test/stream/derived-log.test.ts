import { jetstream } from "@nats-io/jetstream";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type DerivedValue, decodeDerived, encodeDerived } from "../../src/core/derived-value.ts";
import { toDeviceId, toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { derivedStream, derivedSubject } from "../../src/core/subject.ts";
import { appendDerived } from "../../src/stream/derived-log.ts";
import { openDerivedReader } from "../../src/stream/derived-reader.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { derivedStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";

const minuteMs = 60_000;

/** The value of minute `minute`, or a correction that came in the minute behind `atMinute`. */
function pane(minute: number, rev = 1, atMinute = minute + 1, value = minute): DerivedValue {
  return {
    site: toSiteId("Werk Süd"),
    gateway: toGatewayId("gw.1"),
    device: toDeviceId("f1"),
    series: "energy_minute",
    agg: "avg",
    metric: "power",
    startMs: minute * minuteMs,
    endMs: (minute + 1) * minuteMs,
    atMs: atMinute * minuteMs,
    value,
    unit: "W",
    count: 6,
    rev,
    labels: { team: "facilities" },
  };
}

async function setUp() {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  await ensureStream(connection, derivedStreamContract(backboneOptionsFor(url)));
  const stored = async (): Promise<DerivedValue[]> => {
    const values: DerivedValue[] = [];
    await readWholeStream(connection, derivedStream, ({ body }) => {
      const value = decodeDerived(new TextDecoder().decode(body));
      if (value) values.push(value);
    });
    return values;
  };
  return { url, backbone, connection, stored };
}

describe("derived values", () => {
  it("come back as they were written, whatever they are of", () => {
    const all = [
      pane(1),
      { ...pane(2), device: null },
      { ...pane(3), gateway: null, device: null },
    ];
    for (const value of all) expect(decodeDerived(encodeDerived(value))).toEqual(value);
    expect(all.map(derivedSubject)).toEqual([
      "derived.49.Werk=20S=C3=BCd.gw=2E1.f1.energy_minute",
      "derived.49.Werk=20S=C3=BCd.gw=2E1.=.energy_minute",
      "derived.49.Werk=20S=C3=BCd.=.=.energy_minute",
    ]);
  });

  it("are nothing where a field is missing or the id is another's", () => {
    const event = JSON.parse(encodeDerived(pane(1)));
    expect(decodeDerived(JSON.stringify({ ...event, id: "other" }))).toBeUndefined();
    for (const field of ["site", "gateway", "value", "start", "at", "count", "rev", "labels"]) {
      const { [field]: _, ...data } = event.data;
      expect(decodeDerived(JSON.stringify({ ...event, data }))).toBeUndefined();
    }
    expect(decodeDerived("{")).toBeUndefined();
  });

  it("are stored once when everything is computed again, also by two at the same time", async () => {
    const { connection, stored } = await setUp();
    const all = [pane(1), pane(2), pane(1, 2, 3.5, 1.5), pane(3)];
    const appendAll = async () => {
      for (const value of all) await appendDerived(connection, value);
    };
    await appendAll();
    await Promise.all([appendAll(), appendAll()]);
    expect(await stored()).toEqual(all);
  });

  it("go on where a process was ended between append and checkpoint", async () => {
    const { connection, stored } = await setUp();
    const first = await appendDerived(connection, pane(1));
    await appendDerived(connection, pane(2));
    // The next process knows only what the checkpoint knew.
    expect(await appendDerived(connection, pane(2), first.head)).toMatchObject({ stored: false });
    expect(await appendDerived(connection, pane(3), first.head)).toMatchObject({ stored: true });
    expect(await stored()).toEqual([pane(1), pane(2), pane(3)]);
  });

  it("are read in order, behind a mark, past what is none", async () => {
    const { backbone, connection, url } = await setUp();
    for (const minute of [1, 2]) await appendDerived(connection, pane(minute));
    await jetstream(connection).publish("derived.1.x.=.=.noise", "{}");
    await appendDerived(connection, pane(3));
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const deps = {
      backbone,
      backboneOptions: backboneOptionsFor(url),
      clock: systemClock,
      logger: silentLogger,
      random: Math.random,
    };
    const take = async (mark: Parameters<typeof openDerivedReader>[0], count: number) => {
      const reader = openDerivedReader(mark, stop.signal, deps);
      const read: Exclude<Awaited<ReturnType<typeof reader.next>>, undefined>[number][] = [];
      while (read.length < count) read.push(...((await reader.next()) ?? []));
      return read;
    };
    const all = await take(undefined, 3);
    expect(all.map(({ value }) => value)).toEqual([pane(1), pane(2), pane(3)]);
    const behind = await take(all[0]?.mark, 2);
    expect(behind.map(({ value }) => value)).toEqual([pane(2), pane(3)]);
  });
});
