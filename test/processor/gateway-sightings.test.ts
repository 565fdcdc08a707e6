import { describe, expect, it } from "vitest";
import { toGatewayId, toSiteId, toStreamSeq } from "../../src/core/ids.ts";
import { GatewaySightings } from "../../src/processor/gateway-sightings.ts";
import type { SeenGateway } from "../../src/stream/discover-gateways.ts";

const stream = "GW_gw1";
const connection = { name: "one" };
const gateway = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1"), stream };

function seen(lastSeq: number, lastStoredMs: number | undefined = 1_000): SeenGateway[] {
  return [{ gateway, lastSeq: toStreamSeq(lastSeq), messages: lastSeq, lastStoredMs }];
}

/** Looks every five seconds at a stream that stays as it is. */
function watch(sightings: GatewaySightings, fromS: number, toS: number, over = connection): void {
  for (let second = fromS; second <= toS; second += 5)
    sightings.look(seen(7), over, second * 1_000);
}

const quietS = (sightings: GatewaySightings) => (sightings.all[0]?.quietMs ?? Number.NaN) / 1_000;

describe("sightings of gateways", () => {
  it("count how long nothing was added to a stream", () => {
    const sightings = new GatewaySightings(5_000);
    watch(sightings, 0, 60);
    expect(quietS(sightings)).toBe(60);
    sightings.look(seen(8), connection, 65_000);
    expect(quietS(sightings)).toBe(0);
  });

  it("count anew over another connection: the hub itself was away", () => {
    const sightings = new GatewaySightings(5_000);
    watch(sightings, 0, 50);
    watch(sightings, 55, 60, { name: "another" });
    expect(quietS(sightings)).toBe(5);
  });

  it("count anew after a look that failed, and after a break", () => {
    const sightings = new GatewaySightings(5_000);
    watch(sightings, 0, 50);
    sightings.lose();
    expect(sightings.all).toEqual([]);
    watch(sightings, 55, 60);
    expect(quietS(sightings)).toBe(5);
    // The process stood still.
    watch(sightings, 600, 610);
    expect(quietS(sightings)).toBe(10);
  });

  it("count anew for a stream that was not there for a look", () => {
    const sightings = new GatewaySightings(5_000);
    watch(sightings, 0, 50);
    sightings.look([], connection, 55_000);
    watch(sightings, 60, 65);
    expect(quietS(sightings)).toBe(5);
  });

  it("say nothing of a stream that never had a message", () => {
    const sightings = new GatewaySightings(5_000);
    sightings.look(
      [{ gateway, lastSeq: toStreamSeq(0), messages: 0, lastStoredMs: undefined }],
      connection,
      0,
    );
    expect(sightings.all).toEqual([]);
  });

  it("count how long a stream is gone, while somebody looks", () => {
    const sightings = new GatewaySightings(5_000);
    watch(sightings, 0, 5);
    expect(sightings.goneMs(stream)).toBe(0);
    sightings.look([], connection, 10_000);
    expect(sightings.goneMs(stream)).toBe(0);
    sightings.look([], connection, 15_000);
    expect(sightings.goneMs(stream)).toBe(5_000);
    sightings.lose();
    expect(sightings.goneMs(stream)).toBe(0);
    sightings.look([], connection, 20_000);
    expect(sightings.goneMs(stream)).toBe(0);
    sightings.look(seen(1), connection, 25_000);
    sightings.look([], connection, 30_000);
    expect(sightings.goneMs(stream)).toBe(0);
  });
});
