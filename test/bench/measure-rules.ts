/** What the rule engine takes per second, and what announcing a device costs, by rules and devices. */
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { RuleSet } from "../../src/rules/rule-set.ts";
import { GatewayScript, ruleSet, s } from "../rules/gateway-script.ts";
import { type FigureGroup, formatCount, formatRate } from "./figures.ts";

/** Of all rules at most ten match a device. */
function rulesOf(count: number): RuleSet {
  return ruleSet(
    ...Array.from({ length: count }, (_, n) => ({
      alert: `Rule${n}`,
      select: { metric: "temperature", ...(n >= 10 && { device: `other${n}-*` }) },
      condition: { threshold: { above: 60 + n, deadband: 2 } },
      for: "20s",
      severity: "warning",
    })),
  );
}

/** `samples` are fed for each figure. */
export function measureRules(samples: number): FigureGroup {
  const cells = [10, 100, 1_000].flatMap((rules) =>
    [1, 1_000, 100_000].map((devices) => ({ rules, devices })),
  );
  const figures = cells.flatMap(({ devices, rules }) => {
    const { announcedUs, perSecond } = measure(rulesOf(rules), devices, samples);
    const what = `${formatCount(rules)} rules, ${formatCount(devices)} devices`;
    const goal = rules === 100 ? { goal: formatRate(200_000) } : {};
    return [
      { what: `${what}: events`, measured: formatRate(perSecond), ...goal },
      { what: `${what}: a device announced`, measured: `${announcedUs.toFixed(1)} µs` },
    ];
  });
  return { title: "The rules, of which ten match", figures };
}

function measure(
  rules: RuleSet,
  devices: number,
  samples: number,
): { readonly perSecond: number; readonly announcedUs: number } {
  const engine = createRuleEngine(rules);
  const perGateway = 10_000;
  const scripts: GatewayScript[] = [];
  for (let from = 0; from < devices; from += perGateway) {
    const script = new GatewayScript(`gw${from / perGateway}`);
    for (let n = from; n < Math.min(devices, from + perGateway); n += 1) script.device(`d${n}`);
    scripts.push(script);
  }
  const told = scripts.flatMap((script) => script.events.splice(0));
  const announceBegan = performance.now();
  for (const event of told) engine.feed(event);
  const announcedUs = ((performance.now() - announceBegan) * 1_000) / devices;
  for (let n = 0; n < samples; n += 1) {
    const device = n % devices;
    const second = Math.floor(n / devices);
    const script = scripts[Math.floor(device / perGateway)];
    script?.sample(`d${device}`, second * s + (n % 1_000), 50 + (n % 40));
    if (device === devices - 1 || n % 10_000 === 9_999) script?.watermark((second + 1) * s);
  }
  const events = scripts.flatMap((script) => script.events);
  const began = performance.now();
  for (const event of events) engine.feed(event);
  return { perSecond: (events.length * 1_000) / (performance.now() - began), announcedUs };
}
