import { describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { checkpointsBucket, partitionOf } from "../../src/core/subject.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { openBucket } from "../../src/stream/kv.ts";
import { PartedDocumentWriter } from "../../src/stream/parted-document-writer.ts";
import { writeDocument } from "../../src/stream/stored-document.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import {
  makeGatewayStream,
  origin,
  publishRecords,
  reading,
  startMs,
  stream,
} from "../support/gateway-stream.ts";
import { hasSaved } from "../support/has-saved.ts";
import { natsServer } from "../support/nats-server.ts";
import { startProcessor } from "../support/start-processor.ts";

const t = startMs + 10_000;
const watermark: GatewayEvent = {
  kind: "watermark",
  device: null,
  timeMs: t,
  receivedMs: t,
  clock: "gateway",
  data: { t },
};
const rules = ruleSet({
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  severity: "warning",
});
const key = `rules.${partitionOf(origin.site)}`;
const engine = { version: 1, rules: rules.rev, gateways: [] };
const gateway = { site: origin.site, gateway: origin.gateway, removed: [], devices: [] };

const contents: readonly (readonly [string, object])[] = [
  ["a position without a mark", { positions: { [stream]: {} }, recent: [], engine }],
  ["held back what is no transition", { positions: {}, recent: [{ transition: 5 }], engine }],
  [
    "alerts of a gateway that none are",
    {
      positions: {},
      recent: [],
      engine: { ...engine, gateways: [{ ...gateway, removed: [{ last: 5, reason: "x" }] }] },
    },
  ],
];

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  await publishRecords(connection, "aaaaaaaa", 1, [reading("f1", 1, 1), watermark]);
  const bucket = await openBucket(connection, checkpointsBucket, 1);
  return {
    bucket,
    async goesOn() {
      startProcessor(url, {
        createEngine: (memory) =>
          createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts)),
      });
      await hasSaved(url, 2);
      const told = await storedTransitions(connection);
      expect(told.map(({ labels, state }) => `${labels["device"]} ${state}`)).toEqual([
        "f1 firing",
      ]);
    },
  };
}

describe("a checkpoint that nobody could go on from is replaced, and all is read again", () => {
  test.each(contents)(
    "with %s",
    async (_, content) => {
      const { bucket, goesOn } = await setUp();
      const writer = new PartedDocumentWriter(key, 0, Math.random);
      await writer.write(bucket, [JSON.stringify(content)], []);
      await goesOn();
    },
    40_000,
  );

  test.each([
    ["a list of no parts", { parts: [5, null], content: {} }],
    ["a list of places that are none", { parts: [["gw.0", ["c", 1]]], content: {} }],
    ["a head of another version", undefined],
  ])(
    "with %s",
    async (_, list) => {
      const { bucket, goesOn } = await setUp();
      const revision =
        list && (await writeDocument(bucket, `${key}.w0.x.list.a.0`, list, 0, Math.random));
      await writeDocument(
        bucket,
        key,
        { format: list ? 2 : 3, writer: "w0.x", list: ["a", revision ?? 0] },
        0,
        Math.random,
      );
      await goesOn();
    },
    40_000,
  );
});
