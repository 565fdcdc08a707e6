import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type DerivedValue, decodeDerived } from "../../src/core/derived-value.ts";
import { toDeviceId, toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { derivedStream } from "../../src/core/subject.ts";
import { DerivedAppender } from "../../src/processor/derived-appender.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";

function value(device: string, minute: number, text: string): DerivedValue {
  const startMs = minute * 60_000;
  return {
    site: toSiteId("plant-a"),
    gateway: toGatewayId("gw1"),
    device: toDeviceId(device),
    series: "mode_minute",
    agg: "last",
    metric: "mode",
    startMs,
    endMs: startMs + 60_000,
    atMs: startMs + 60_000,
    value: text,
    count: 1,
    rev: 1,
    labels: {},
  };
}

test("a derived value that the backbone can never take holds up no other", async () => {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const appender = new DerivedAppender([], {
    backbone,
    backboneOptions: backboneOptionsFor(url),
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
  });
  const large = "x".repeat(2 ** 21);
  const all = [value("f1", 1, large), value("f1", 2, "on"), value("f2", 1, "off")];
  await appender.append(all, AbortSignal.timeout(20_000));
  const stored: unknown[] = [];
  await readWholeStream(await connectionOf(backbone), derivedStream, ({ body }) => {
    stored.push(decodeDerived(new TextDecoder().decode(body))?.value);
  });
  expect(stored.sort()).toEqual(["off", "on"]);
});
