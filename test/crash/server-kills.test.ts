import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { startLoad } from "../../src/simulate/load-generator.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { testBackbone } from "../support/backbone.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { openLedger } from "../support/ledger.ts";
import { natsServer } from "../support/nats-server.ts";
import { streamBodies } from "../support/stream-bodies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

describe("a gateway whose nats-server is killed under load", () => {
  it("stores every acknowledged event once and in order over 20 kills", {
    timeout: 240_000,
  }, async () => {
    const folder = await tempFolder();
    const store = await tempFolder();
    let server = await natsServer({ folder: store });
    const { port } = server;
    const gateway = await gatewayProcess({ folder, natsUrl: server.url });
    const ledger = openLedger(join(folder, "acks.ndjson"));
    const seed = `server-kills-${Date.now()}`;
    console.info(`seed ${seed}`);
    const random = createSeededRandom(seed);
    await gateway.start();
    const load = startLoad({
      url: gateway.mqttUrl,
      connections: 8,
      window: 50,
      payloadBytes: 200,
      ratePerSecond: 5_000,
      boot: seed,
      clock: systemClock,
      onAck: (device, n) => ledger.acked(device, n),
    });
    for (let kill = 0; kill < 20; kill += 1) {
      await waitUntil(async () => (await gateway.status()).link.sent > 0, "records flow");
      await sleep(systemClock, 50 + random() * 500);
      await server.kill();
      server = await natsServer({ folder: store, port });
    }
    await load.stop();
    await gateway.drained();
    const verdict = ledger.compare(await streamBodies(testBackbone(server.url), "GW_gw1"));
    console.info({ ...load.report(), verdict });
    expect(verdict.acked).toBeGreaterThan(1_000);
    expect(verdict).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, ok: true });
  });
});
