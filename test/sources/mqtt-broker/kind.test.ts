import { expect, onTestFinished, test } from "vitest";
import type { Source } from "../../../src/core/message.ts";
import { mqttBroker } from "../../../src/sources/mqtt-broker/kind.ts";
import type { EntryReading, SourceSurroundings } from "../../../src/sources/source-kind.ts";
import { RecordingSink } from "../../support/mqtt-broker.ts";
import { MqttPeer } from "../../support/mqtt-peer.ts";
import { noAgain } from "../../support/no-again.ts";
import { sourceSurroundings } from "../../support/source-surroundings.ts";

const noFiles: EntryReading = {
  report() {},
  read: async () => undefined,
  again: noAgain,
  bytes: async () => undefined,
};
const onLoopback = { kind: "mqtt-broker", listen: "127.0.0.1:0" };

async function open(
  entry: object,
  surroundings: SourceSurroundings,
  reading = noFiles,
): Promise<Source> {
  const open = await mqttBroker.load(entry, reading);
  if (open === undefined) throw new Error("there is nothing to open");
  const source = await open(surroundings);
  onTestFinished(() => source.stop());
  return source;
}

test("a broker with a users file lets nobody in that is not in it", async () => {
  const source = await open(
    { ...onLoopback, users: { file: "u.yaml" } },
    sourceSurroundings({ sink: new RecordingSink() }),
    {
      report() {},
      read: async ({ parse }) => checkedValue(parse([])),
      again: noAgain,
      bytes: async () => undefined,
    },
  );
  const stranger = new MqttPeer(Number(source.address.split(":").at(-1)));
  expect((await stranger.open({ clientId: "a" })).returnCode).toBe(4);
});

test("nothing is opened of a broker whose users file has faults", async () => {
  expect(await mqttBroker.load({ ...onLoopback, users: { file: "u.yaml" } }, noFiles)).toBe(
    undefined,
  );
});

test("the brokers of a gateway share one table of open QoS 2 messages", async () => {
  let listeners = 0;
  const steps: (() => Promise<void>)[] = [];
  const plain = sourceSurroundings({ sink: new RecordingSink() });
  const onDurable = () => {
    listeners += 1;
    return () => {
      listeners -= 1;
    };
  };
  const surroundings = {
    ...plain,
    log: { ...plain.log, onDurable },
    atEnd: (step: () => Promise<void>) => steps.push(step),
  };
  await open(onLoopback, surroundings);
  await open(onLoopback, surroundings);
  // Each broker listens for its messages, and the table for all.
  expect(listeners).toBe(3);
  for (const step of steps) await step();
  expect(listeners).toBe(2);
});

function checkedValue<T>(checked: { ok: true; value: T } | { ok: false }): T | undefined {
  return checked.ok ? checked.value : undefined;
}
