/** Several bridges on one backbone. */
import { jetstream } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { startBridge } from "../support/bridging.ts";
import { fastClock } from "../support/fast-clock.ts";
import { publishEvent, reading } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 60_000 };
const sites = Array.from({ length: 12 }, (_, n) => `site-${n}`);

test("bridges share the sites of a target, and what one leaves the other goes on with", async () => {
  const server = await webhookServer();
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  const client = jetstream(connection);
  const publish = async (seq: number): Promise<void> => {
    for (const name of sites) {
      const at = { site: toSiteId(name), gateway: toGatewayId(`gw-${name}`) };
      await ensureStream(connection, gatewayStreamContract(at, backboneOptionsFor(url)));
      const position = { run: toRunId("aaaaaaaa"), seq: toSeq(seq) };
      await publishEvent(client, reading("f1", seq, seq), position, {}, at);
    }
  };
  const ids = (): unknown[] => server.posts.map(({ headers }) => headers["ce-id"]);
  const targets = [{ name: "hub", kind: "http", url: server.url }];
  await publish(1);

  const first = startBridge(testBackbone(url), url, targets, { clock: fastClock(10) });
  await expect.poll(() => ids().length, patient).toBe(sites.length);
  const second = startBridge(testBackbone(url), url, targets, { clock: fastClock(10) });
  const shares = (): number[] =>
    [first, second].map((bridge) => bridge.state().targets[0]?.shares ?? 0);
  await expect.poll(() => Math.min(...shares()), patient).toBeGreaterThan(0);
  await publish(2);
  await expect.poll(() => ids().length, patient).toBe(2 * sites.length);
  expect(second.state().targets[0]?.carried).toBeGreaterThan(0);

  await first.stop();
  await publish(3);
  await expect.poll(() => ids().length, patient).toBe(3 * sites.length);

  expect(new Set(ids()).size).toBe(3 * sites.length);
});
