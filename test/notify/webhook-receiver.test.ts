import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import type { Delivery } from "../../src/notify/receiver.ts";
import { createWebhookReceiver } from "../../src/notify/webhook-receiver.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import { reading, storedEvent } from "../support/gateway-stream.ts";
import { webhookServer } from "../support/webhook-server.ts";

async function deliverTo(url: string): Promise<Delivery> {
  const options = notifyOptions.parse({
    receivers: { hook: { kind: "webhook", url, timeout: "300ms" } },
  }).receivers["hook"];
  if (options?.kind !== "webhook") throw new Error("no webhook");
  const [draft] = createCountingEngine().feed(storedEvent(reading("f1", 1, 1), "aaaaaaaa", 1));
  if (!draft) throw new Error("no transition");
  const receiver = createWebhookReceiver(options, undefined, { clock: systemClock, fetch });
  return receiver.deliver({ ...draft, late: false, observed_at: draft.at });
}

describe("webhook receiver", () => {
  test.each([
    [200, "delivered"],
    [204, "delivered"],
    [302, "failed"],
    [400, "refused"],
    [401, "refused"],
    [408, "failed"],
    [429, "failed"],
    [500, "failed"],
    [503, "failed"],
  ])("takes the answer %i as %s", async (status, kind) => {
    const { url } = await webhookServer(() => status);
    expect((await deliverTo(url)).kind).toBe(kind);
  });

  test("fails when nobody listens", async () => {
    const { url } = await webhookServer();
    const nobody = new URL(url);
    nobody.port = "1";
    expect(await deliverTo(nobody.href)).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(/ECONNREFUSED|bad port/),
    });
  });

  test("fails when no answer comes in time", async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await deliverTo(`http://127.0.0.1:${port}/`)).toEqual({
      kind: "failed",
      reason: "no answer in 300 ms",
    });
  });
});
