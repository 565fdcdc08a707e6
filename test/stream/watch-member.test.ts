import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { openBackbone } from "../../src/stream/backbone.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Fifty times the speed: what takes 20 s is over soon. */
const clock: Clock = {
  ...systemClock,
  setTimer: (delayMs, run) => systemClock.setTimer(delayMs / 50, run),
};

/** One of a cluster of which it reaches no other. */
async function cutOffServer(extra = "") {
  const [own, elsewhere] = [await freePort(), await freePort()];
  return natsServer({
    configuration: `server_name: alone
      cluster { name: c, listen: "127.0.0.1:${own}", routes: ["nats://127.0.0.1:${elsewhere}"] }
      ${extra}`,
  });
}

/** Begins with the first server. */
function open(servers: readonly string[]) {
  const left: string[] = [];
  const backbone = openBackbone(backboneOptions.parse({ servers }), {
    name: "gw1",
    clock,
    random: () => 0,
    logger: silentLogger,
    metrics: silentMetrics,
    backoff: { baseMs: 10, maxMs: 50 },
  });
  backbone.onState((state) => {
    if (state.kind === "disconnected") left.push(state.failure?.message ?? "");
  });
  onTestFinished(() => backbone.close());
  const serverNow = (): string | undefined =>
    backbone.state.kind === "connected" ? backbone.state.server : undefined;
  return { backbone, left, serverNow };
}

describe("a server that its cluster no longer reaches", () => {
  test("is left for another, with words, and that one is kept", async () => {
    const [alone, well] = [await cutOffServer(), await natsServer()];
    const { left, serverNow } = open([alone.url, well.url]);
    await waitUntil(() => serverNow() === `127.0.0.1:${alone.port}`, "it begins with the first");
    await waitUntil(() => serverNow() === `127.0.0.1:${well.port}`, "it goes to the other");
    expect(left).toEqual([
      expect.stringMatching(
        new RegExp(`left 127.0.0.1:${alone.port}, which its cluster no longer reaches: .+`),
      ),
    ]);
    await pause(1_500);
    expect(serverNow()).toBe(`127.0.0.1:${well.port}`);
    expect(left).toHaveLength(1);
  });

  test("is kept where there is no other", async () => {
    const alone = await cutOffServer();
    const { left, serverNow } = open([alone.url]);
    await waitUntil(serverNow, "it connects");
    await pause(1_500);
    expect(serverNow()).toBe(`127.0.0.1:${alone.port}`);
    expect(left).toEqual([]);
  });

  test("is kept where nobody may ask about it", async () => {
    const alone = await cutOffServer(
      'no_auth_user: gw, authorization { users = [{ user: gw, password: gw, permissions: { publish: "ev.>" } }] }',
    );
    const well = await natsServer();
    const { left, serverNow } = open([alone.url, well.url]);
    await waitUntil(serverNow, "it connects");
    await pause(1_500);
    expect(serverNow()).toBe(`127.0.0.1:${alone.port}`);
    expect(left).toEqual([]);
  });
});
