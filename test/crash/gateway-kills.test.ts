import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { startLoad } from "../../src/simulate/load-generator.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { testBackbone } from "../support/backbone.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import { natsServer } from "../support/nats-server.ts";
import { streamBodies } from "../support/stream-bodies.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Kills the gateway under load again and again, lets it drain, and judges the whole stream. */
async function killGateway(kills: number, fault?: string): Promise<LedgerVerdict> {
  const folder = await tempFolder();
  const server = await natsServer();
  const gateway = await gatewayProcess({
    folder,
    natsUrl: server.url,
    ...(fault !== undefined && { fault }),
  });
  const ledger = openLedger(join(folder, "acks.ndjson"));
  const seed = `kills-${Date.now()}`;
  console.info(`seed ${seed}`);
  const random = createSeededRandom(seed);
  await gateway.start();
  const load = startLoad({
    url: gateway.mqttUrl,
    connections: 8,
    window: 50,
    payloadBytes: 200,
    boot: seed,
    clock: systemClock,
    onAck: (device, n) => ledger.acked(device, n),
  });
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(systemClock, 20 + random() * 150);
    await gateway.kill();
    await gateway.start();
  }
  await load.stop();
  await gateway.drained();
  const verdict = ledger.compare(await streamBodies(testBackbone(server.url), "GW_gw1"));
  console.info({ kills, ...load.report(), verdict });
  return verdict;
}

describe("a gateway that is killed under load", () => {
  it("keeps every acknowledged event, once and in order, over 50 kills", {
    timeout: 240_000,
  }, async () => {
    const verdict = await killGateway(50);
    expect(verdict.acked).toBeGreaterThan(1_000);
    expect(verdict).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, ok: true });
  });

  it("loses events when it acknowledges before the disk has them", {
    timeout: 120_000,
  }, async () => {
    const verdict = await killGateway(5, "ack-early");
    expect(verdict.lost).toBeGreaterThan(0);
  });
});
