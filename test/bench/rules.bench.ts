/**
 * How many events the rule engine takes per second on one core. Prints figures, asserts nothing.
 *
 *     npx tsx test/bench/rules.bench.ts
 */
import type { StoredEvent } from "../../src/core/event.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { GatewayScript, ruleSet, s } from "../rules/gateway-script.ts";

const devices = 1_000;
const seconds = 200;
const rounds = 3;
const metrics = ["temperature", "humidity", "pressure", "voltage", "current"];

/** 100 rules, of which 21 select each device and 4 or 5 look at each metric. */
const rules = ruleSet(
  ...Array.from({ length: 99 }, (_, n) => ({
    alert: `Rule${n}`,
    select: { metric: metrics[n % 5], device: `d*${Math.floor(n / 5) % 5}` },
    condition: { threshold: { above: 60 + n / 3, deadband: 2 } },
    for: "20s",
    severity: "warning",
  })),
  { alert: "Silent", select: {}, condition: { absent: { longer_than: "1m" } }, severity: "info" },
);

const script = new GatewayScript();
for (let n = 0; n < devices; n += 1) script.device(`d${n}`, { metrics });
for (let t = 0; t < seconds; t += 1) {
  for (let n = 0; n < devices; n += 1)
    script.sample(`d${n}`, t * s + n, 50 + 40 * Math.sin(t / 30 + n), {
      metric: metrics[n % 5] ?? "temperature",
    });
  script.watermark((t + 1) * s);
}
const events: readonly StoredEvent[] = script.events;

for (let round = 0; round < rounds; round += 1) {
  const engine = createRuleEngine(rules);
  let transitions = 0;
  const start = process.hrtime.bigint();
  for (const event of events) transitions += engine.feed(event).length;
  const tookS = Number(process.hrtime.bigint() - start) / 1e9;
  const saveStart = process.hrtime.bigint();
  const text = JSON.stringify(engine.snapshot());
  const saveS = Number(process.hrtime.bigint() - saveStart) / 1e9;
  const restoreStart = process.hrtime.bigint();
  createRuleEngine(rules, JSON.parse(text));
  const restoreS = Number(process.hrtime.bigint() - restoreStart) / 1e9;
  console.log(
    `${Math.round(events.length / tookS).toLocaleString("en")} events/s, ` +
      `${transitions.toLocaleString("en")} transitions, ` +
      `${[...engine.instances()].length.toLocaleString("en")} instances; ` +
      `snapshot ${(text.length / 1e6).toFixed(1)} MB in ${saveS.toFixed(2)} s, restored in ${restoreS.toFixed(2)} s`,
  );
}
