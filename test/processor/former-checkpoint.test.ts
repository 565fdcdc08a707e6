/** What a processor of the version before left behind when it was killed, in today's hands. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jetstream } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { expect, test } from "vitest";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import type { Logger } from "../../src/core/logger.ts";
import { checkpointsBucket } from "../../src/core/subject.ts";
import type { CreateEngine, StoredMemory } from "../../src/processor/engine.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { buildRuleSet, type RuleSet } from "../../src/rules/rule-set.ts";
import { openBucket } from "../../src/stream/kv.ts";
import { readPartedDocument } from "../../src/stream/parted-document.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { stream } from "../support/gateway-stream.ts";
import { restoreBackbone } from "../support/kept-backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";
import { startProcessor } from "../support/start-processor.ts";
import { streamBodies } from "../support/stream-bodies.ts";

const golden = fileURLToPath(new URL("../golden/alerts-before", import.meta.url));

async function linesOf(name: string): Promise<string[]> {
  return (await readFile(join(golden, name), "utf8")).trimEnd().split("\n");
}

async function rulesOf(name: string): Promise<RuleSet> {
  const parsed = parseRules(JSON.parse(await readFile(join(golden, name), "utf8")));
  const built = parsed.ok ? buildRuleSet([parsed.value]) : parsed;
  if (!built.ok) throw new Error(JSON.stringify(built.faults));
  return built.value;
}

/** What the rules say of all events, by an engine that nobody ever stopped. */
function judge(rules: RuleSet, bodies: readonly Uint8Array[]): string[] {
  const engine = createRuleEngine(rules);
  return bodies.flatMap((body) => {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event)) throw new Error(`an event cannot be read: ${event.malformed}`);
    return engine.feed(event).map(({ id }) => id);
  });
}

test("a processor goes on from a checkpoint of the version before as if it were its own", async () => {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  await restoreBackbone(connection, await linesOf("backbone.ndjson"));
  const rules = await rulesOf("rules.json");
  const before = (await storedTransitions(connection)).map(({ id }) => id);
  const memories: (StoredMemory | undefined)[] = [];
  const createEngine: CreateEngine = (memory) => {
    memories.push(memory);
    return createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts));
  };
  const errors: string[] = [];
  const logger: Logger = { ...silentLogger, error: (message) => errors.push(message) };

  const processor = startProcessor(url, { backbone, createEngine, logger });
  const rest = (await linesOf("rest.ndjson")).map((line) => {
    const { id, subject, text } = JSON.parse(line);
    const carried = headers();
    carried.set("Ce-Id", id);
    return jetstream(connection).publish(subject, text, { headers: carried });
  });
  await Promise.all(rest);
  const bodies = await streamBodies(backbone, stream);
  const readUpTo = () => processor.state().partitions[0]?.gateways[0]?.readUpTo;
  await expect.poll(readUpTo, { timeout: 30_000 }).toBe(bodies.length);

  const must = judge(rules, bodies);
  const stored = (await storedTransitions(connection)).map(({ id }) => id);
  expect(stored.slice(0, before.length)).toEqual(before);
  expect(stored.toSorted()).toEqual(must.toSorted());
  expect(before.length).toBeLessThan(must.length);

  // It was used, and what replaced it is in parts.
  expect(memories[0]).toBeDefined();
  expect(errors).toEqual([]);
  const key = `rules.${processor.state().partitions[0]?.partition}`;
  const bucket = await openBucket(connection, checkpointsBucket, 1);
  const saved = async () => (await readPartedDocument(bucket, key)).kind;
  await expect.poll(saved, { timeout: 30_000 }).toBe("read");
});
