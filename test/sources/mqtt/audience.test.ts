import { describe, expect, it } from "vitest";
import { Audience, spareUnheard } from "../../../src/sources/mqtt/audience.ts";

describe("Audience", () => {
  it("knows who may listen, also for topics that were asked before a filter came", () => {
    const audience = new Audience();
    expect(audience.mayListen("tele/a/SENSOR")).toBe(false);
    audience.add("cmnd/a/#");
    expect(audience.mayListen("tele/a/SENSOR")).toBe(false);
    expect(audience.mayListen("cmnd/a/POWER")).toBe(true);
    audience.add("tele/+/SENSOR");
    expect(audience.mayListen("tele/a/SENSOR")).toBe(true);
    expect(audience.mayListen("stat/a/POWER")).toBe(false);
  });

  it("takes everything for heard when there are too many filters to look at", () => {
    const audience = new Audience();
    for (let n = 0; n <= 1_000; n += 1) audience.add(`room/${n}`);
    expect(audience.mayListen("nowhere")).toBe(true);
  });
});

describe("spareUnheard()", () => {
  it("hands on what is heard, what is retained and what the broker says itself", () => {
    const handedOn: string[] = [];
    const broker = {
      publish(packet: { topic: string }, _client: unknown, done?: () => void) {
        handedOn.push(packet.topic);
        done?.();
      },
    };
    const audience = new Audience();
    audience.add("heard/#");
    spareUnheard(broker, audience);
    let done = 0;
    const client = {};
    const count = (): void => {
      done += 1;
    };
    broker.publish({ topic: "unheard/1" }, client, count);
    broker.publish({ topic: "heard/1" }, client, count);
    broker.publish({ topic: "unheard/2", ...{ retain: true } }, client, count);
    broker.publish({ topic: "unheard/3" }, null, count);
    broker.publish({ topic: "unheard/4" }, () => {});
    expect(handedOn).toEqual(["heard/1", "unheard/2", "unheard/3", "unheard/4"]);
    expect(done).toBe(4);
  });
});
