/** Runs the examples of a profile: what it says about itself must be true. */

import type { GatewayEvent } from "../core/event.ts";
import type { Fault } from "../core/fault.ts";
import { noAttributes, type RawMessage } from "../core/message.ts";
import { checkCommands } from "./commands/check-commands.ts";
import { createCatalog } from "./create-catalog.ts";
import type { Normalized, NormalizedEvent } from "./normalized.ts";
import { createNormalizer } from "./normalizer.ts";
import type { Expectation, ExpectedValue, Profile, ProfileExample } from "./profile.ts";

/** Examples that do not say when they were received may be some years old, but no clock never set. */
const limits = { maxSkewMs: 300_000, maxAgeMs: 3_660 * 86_400_000 };

/**
 * Every difference between what the examples expect and what comes out, with its path in the
 * profile file. A profile without `match` reads them as a configured device named `example` would.
 */
export function checkExamples(profile: Profile): Fault[] {
  const own = { id: "example", profile: profile.name, topic: "#", tags: {}, attrs: {} };
  const devices = profile.topics.length === 0 ? [own] : [];
  const catalog = createCatalog({ profiles: [profile], devices, generic: false });
  if (!catalog.ok) return [...catalog.faults];
  const normalize = createNormalizer({ catalog: catalog.value, ...limits, maxRejectedBytes: 0 });
  const faults = profile.examples.flatMap((example, at): Fault[] =>
    compareAll(example, normalize(messageOf(example), true)).map(({ field, message }) => ({
      code: "profile.failed-example",
      path: ["examples", at, "expect", ...field],
      message,
    })),
  );
  return [...faults, ...checkCommands(profile)];
}

function messageOf(example: ProfileExample): RawMessage {
  return {
    source: "example",
    address: example.topic,
    payload: example.payload,
    receivedMs: example.receivedMs,
    client: undefined,
    device: undefined,
    attributes: example.will ? { will: true } : noAttributes,
  };
}

/** Where an example says what it expects. */
const fields = {
  measurement: "metrics",
  status: "status",
  rejection: "rejection",
  "passed-over": "passed_over",
} as const;

interface Difference {
  readonly field: readonly (string | number)[];
  readonly message: string;
}

function compareAll({ expect }: ProfileExample, message: Normalized): Difference[] {
  const [first] = expect;
  if (message.passedOver !== undefined)
    return first?.kind === "passed-over" && first.why === message.passedOver
      ? []
      : [{ field: [], message: `it is passed over: ${message.passedOver}` }];
  const events = [message, ...(message.more ?? [])];
  if (expect.length !== events.length)
    return [{ field: [], message: `expected ${expect.length} events, found ${events.length}` }];
  return expect.flatMap((one, at) => {
    const event = events[at];
    if (event === undefined) return [];
    const found = compare(one, event);
    return expect.length === 1
      ? found
      : found.map(({ field, message: words }) => ({ field: [at, ...field], message: words }));
  });
}

function compare(expect: Expectation, { device, event, identity }: NormalizedEvent): Difference[] {
  const found: Difference[] = [];
  const check = (field: string, expected: unknown, actual: unknown): void => {
    if (expected !== undefined && expected !== actual)
      found.push({
        field: [field],
        message: `expected ${field} ${String(expected)}, found ${String(actual ?? "none")}`,
      });
  };
  if (expect.kind !== event.kind) {
    const field = fields[expect.kind];
    return [{ field: [field], message: `expected a ${expect.kind}, found ${describe(event)}` }];
  }
  // Profiles from before ids had families have the bare word of the topic here.
  if (expect.device !== device?.word) check("device", expect.device, event.device);
  check("clock", expect.clock, event.clock);
  check("counter", expect.counter, identity?.counter);
  check("time", timeText(expect.timeMs), timeText(event.timeMs));
  if (expect.kind === "status" && event.kind === "status")
    check("status", expect.state, event.data.state);
  if (expect.kind === "rejection" && event.kind === "rejection")
    check("rejection", expect.code, event.data.code);
  if (expect.kind === "measurement" && event.kind === "measurement")
    found.push(...compareMetrics(expect.metrics, event));
  return found;
}

function compareMetrics(
  expected: ReadonlyMap<string, ExpectedValue>,
  event: Extract<GatewayEvent, { kind: "measurement" }>,
): Difference[] {
  const found: Difference[] = [];
  const names = new Set(event.data.map(({ name }) => name));
  for (const name of expected.keys())
    if (!names.has(name))
      found.push({
        field: ["metrics", name],
        message: `expected the metric ${name}, found ${[...names].join(", ")}`,
      });
  for (const { name, value, unit, quality } of event.data) {
    const wanted = expected.get(name);
    const actual = `${JSON.stringify(value)} (${unit ?? "no unit"}, ${quality})`;
    if (wanted === undefined)
      found.push({ field: ["metrics"], message: `found ${name} = ${actual}, too` });
    else if (
      wanted.value !== value ||
      wanted.quality !== quality ||
      (wanted.unit !== undefined && wanted.unit !== unit)
    )
      found.push({
        field: ["metrics", name],
        message: `expected ${JSON.stringify(wanted.value)} (${wanted.unit ?? "any unit"}, ${wanted.quality}), found ${actual}`,
      });
  }
  return found;
}

function describe(event: GatewayEvent): string {
  if (event.kind === "rejection") return `a rejection ${event.data.code}: ${event.data.reason}`;
  return `a ${event.kind}`;
}

function timeText(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}
