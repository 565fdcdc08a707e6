import { describe, expect, it } from "vitest";
import type { AlertTransition } from "../../../src/core/alert.ts";
import type { EdgeDelivery, EdgeReceiver } from "../../../src/processor/edge/edge-teller.ts";
import { ofEdge } from "../../../src/rules/rule-set.ts";
import { GatewayScript, minutes, ruleSet, run, s } from "../../rules/gateway-script.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { bare, EdgeSite } from "./edge-site.ts";

const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  for: "30s",
  hold: "1h",
  severity: "critical",
  evaluate: "edge",
};
const rules = ruleSet(warm);
const cold = ruleSet({ ...warm, condition: { threshold: { above: 8 } } });

/** Freezers whose doors are opened again and again. */
function doors(rounds: number): GatewayScript {
  const script = new GatewayScript().device("f1").device("f2");
  for (let round = 0; round < rounds; round += 1) {
    const fromMs = round * 10 * minutes;
    script.sample("f1", fromMs, 5).sample("f2", fromMs + s, round % 3 === 0 ? 5 : -5);
    for (let second = 10; second <= 60; second += 10)
      script.sample("f1", fromMs + second * s, 5).watermark(fromMs + second * s);
    script.sample("f1", fromMs + 2 * minutes, -5).sample("f2", fromMs + 2 * minutes, -5);
    script.watermark(fromMs + 3 * minutes);
  }
  return script;
}

const say = ({ reason, state }: AlertTransition): string => `${state} ${reason}`;

/** Keeps what it is told; `take` says what becomes of it. */
function receiver(
  name: string,
  take: (id: string) => EdgeDelivery = () => ({ kind: "delivered" }),
) {
  const told: string[] = [];
  const one: EdgeReceiver = {
    name,
    giveUpAfterMs: Number.POSITIVE_INFINITY,
    async deliver({ id }) {
      const delivery = take(id);
      if (delivery.kind === "delivered") told.push(id);
      return delivery;
    },
  };
  return { one, told };
}

describe("rules inside a gateway", () => {
  it("find in the log what the rules find in its events, behind them", async () => {
    const site = new EdgeSite();
    const { events } = doors(2);
    site.write(bare(events));
    await site.start(rules).caughtUp();
    await waitUntil(() => site.found().length === 6, "all of it is found");
    expect(site.found()).toMatchObject(run(ofEdge(rules), events).map(({ id }) => ({ id })));
    expect(site.found()[0]).toMatchObject({ evaluated: "edge", read_up_to: "gw1.run00000.10" });
  });

  it("lose nothing and find nothing twice, wherever they are killed", async () => {
    const site = new EdgeSite();
    const { events } = doors(8);
    const all = bare(events);
    for (let from = 0; from < all.length; from += 7) {
      const now = site.start(rules);
      site.write(all.slice(from, from + 7));
      // Of three processes one catches up, one is killed while it does, one before it begins.
      if (from % 3 === 0) await now.caughtUp();
      else if (from % 3 === 1) await new Promise(setImmediate);
      await now.kill();
    }
    const last = site.start(rules);
    const wanted = run(ofEdge(rules), events).map(({ id }) => id);
    await waitUntil(() => site.found().length >= wanted.length, "all of it is found");
    await last.caughtUp();
    const found = site.found().map(({ id }) => id);
    expect([...found].sort()).toEqual([...wanted].sort());
  });

  it("find the same with a memory that is torn, and say so to nobody twice", async () => {
    const site = new EdgeSite();
    const { events } = doors(3);
    const all = bare(events);
    const first = site.start(rules);
    site.write(all.slice(0, 12));
    await first.caughtUp();
    await first.edge.stop();
    site.memory = site.memory?.slice(0, 40) ?? "";
    const again = site.start(rules);
    site.write(all.slice(12));
    const wanted = run(ofEdge(rules), events).map(({ id }) => id);
    await waitUntil(() => site.found().length >= wanted.length, "all of it is found");
    await again.caughtUp();
    expect(site.found().map(({ id }) => id)).toEqual(wanted);
  });

  it("end what they can come to no more, where they were edited while nothing was remembered", async () => {
    const site = new EdgeSite();
    const script = new GatewayScript().steady("f1", 0, minutes, 10 * s, 5);
    site.write(bare(script.events));
    const first = site.start(rules);
    await waitUntil(() => site.found().length === 1, "it fires");
    await first.kill();
    site.memory = undefined;
    site.start(cold);
    site.write(
      bare(new GatewayScript().sample("f1", 2 * minutes, 5).watermark(3 * minutes).events),
    );
    await waitUntil(() => site.found().length === 2, "it ends");
    expect(site.found().map(say)).toEqual(["firing for_elapsed", "ended rule_changed"]);
    expect(site.found()[1]?.n).toBe(2);
  });

  it("end the episodes of a rule that is gone, and their memory with the last of them", async () => {
    const site = new EdgeSite();
    const script = new GatewayScript().steady("f1", 0, minutes, 10 * s, 5);
    site.write(bare(script.events));
    const now = site.start(rules);
    await waitUntil(() => site.found().length === 1, "it fires");
    now.adopt(ruleSet({ ...warm, enabled: false }));
    await waitUntil(() => now.edge.state().rules === 0, "the rule is gone");
    site.write(bare(new GatewayScript().watermark(3 * minutes).events));
    await waitUntil(() => site.found().length === 2, "it ends");
    expect(site.found().map(say)).toEqual(["firing for_elapsed", "ended rule_removed"]);
    await waitUntil(() => site.memory === undefined, "nothing is remembered");
    now.adopt(rules);
    let fromMs = 5 * minutes;
    await waitUntil(() => {
      const next = new GatewayScript().steady("f1", fromMs, fromMs + minutes, 10 * s, 5);
      site.write(bare(next.events));
      fromMs += 2 * minutes;
      return site.found().length === 3;
    }, "it fires again");
  });
});

describe("receivers of a gateway", () => {
  it("are told in order, over kills and over times at which they take nothing, and hold up nobody", async () => {
    const site = new EdgeSite();
    const { events } = doors(4);
    const all = bare(events);
    let isUp = false;
    const down = receiver("siren", () =>
      isUp ? { kind: "delivered" } : { kind: "failed", reason: "no answer" },
    );
    const up = receiver("lamp");
    const first = site.start(rules, [down.one, up.one]);
    site.write(all.slice(0, 25));
    await first.caughtUp();
    await waitUntil(() => up.told.length >= 4, "the lamp is told");
    expect(first.edge.state().receivers[0]).toMatchObject({ trouble: "no answer" });
    await first.edge.stop();
    const second = site.start(rules, [down.one, up.one]);
    site.write(all.slice(25));
    isUp = true;
    const wanted = run(ofEdge(rules), events);
    for (const told of [down.told, up.told])
      await waitUntil(() => new Set(told).size === wanted.length, "everything is told");
    await second.caughtUp();
    for (const { instance } of wanted) {
      const own = wanted.filter((each) => each.instance === instance).map(({ id }) => id);
      expect([...new Set(down.told)].filter((id) => own.includes(id))).toEqual(own);
    }
  });

  it("are told only where the rule names them, or nobody at all", async () => {
    const site = new EdgeSite();
    const script = new GatewayScript().steady("f1", 0, minutes, 10 * s, 5);
    site.write(bare(script.events));
    const [siren, lamp] = [receiver("siren"), receiver("lamp")];
    const named = ruleSet({ ...warm, notify: ["siren", "mail"] });
    site.start(named, [siren.one, lamp.one]);
    await waitUntil(() => siren.told.length === 1, "the siren is told");
    expect(lamp.told).toEqual([]);
  });

  it("that refuse are told no more of it, and of what comes behind", async () => {
    const site = new EdgeSite();
    const { events } = doors(1);
    site.write(bare(events));
    const [poison] = run(ofEdge(rules), events);
    const { one, told } = receiver("siren", (id) =>
      id === poison?.id ? { kind: "refused", reason: "no such topic" } : { kind: "delivered" },
    );
    const { edge } = site.start(rules, [one]);
    await waitUntil(() => told.length === 3, "the others are told");
    expect(edge.state().receivers[0]).toMatchObject({ givenUp: 1, waiting: 0 });
  });
});
