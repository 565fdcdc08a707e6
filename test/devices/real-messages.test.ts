import { describe, expect, it } from "vitest";
import { givenMessage } from "../normalize/given.ts";
import {
  bytesOf,
  type Conversation,
  type ExpectedEvent,
  families,
  readConversations,
  type Saying,
} from "./conversation.ts";
import { givenSite, type StoredEvent } from "./given-site.ts";

const startMs = Date.UTC(2026, 10, 29, 0, 26, 0);

describe.each(families)("%s", (family) => {
  for (const one of readConversations(family))
    it(one.about, () => (one.notYet === undefined ? hold(one) : tolerate(one)));
});

/** What is not right yet may be right any time; then its mark has to go. */
async function tolerate(one: Conversation): Promise<void> {
  const wrong = await hold(one).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (wrong === undefined) console.warn(`right by now, take notYet away: ${one.about}`);
}

/** Says every message, a second apart, and compares what comes out. */
async function hold(conversation: Conversation): Promise<void> {
  const take = await givenSite(conversation);
  const found: unknown[] = [];
  const right: unknown[] = [];
  for (const [at, saying] of conversation.says.entries()) {
    const differs = {
      receivedMs: startMs + at * 1_000,
      attributes: {
        ...(saying.kept && ({ retained: true } as const)),
        ...(saying.relay && { relay: saying.relay }),
      },
    };
    const taken = take(givenMessage(saying.topic, bytesOf(saying), differs));
    const { gives } = saying;
    if (typeof taken === "string") {
      found.push({ passed: taken });
      right.push("noValue" in gives ? { passed: taken } : gives);
      continue;
    }
    right.push(...expectedEvents(saying, taken));
    found.push(...taken.map((event, place) => pictureOf(event, expectationAt(saying, place))));
  }
  expect(found).toEqual(right);
}

function expectationAt({ gives }: Saying, place: number): ExpectedEvent | undefined {
  if (Array.isArray(gives)) return gives[place];
  return place > 0 || "passed" in gives || "noValue" in gives ? undefined : gives;
}

function expectedEvents({ gives }: Saying, events: readonly StoredEvent[]): unknown[] {
  if ("passed" in gives) return [gives];
  if ("noValue" in gives) return events.map(() => ({ status: "online" }));
  return (Array.isArray(gives) ? gives : [gives]).map(({ some: _, metrics, ...facts }) => ({
    ...facts,
    ...(metrics && {
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([name, value]) => [name, metricPicture(value)]),
      ),
    }),
  }));
}

type ExpectedMetric = NonNullable<ExpectedEvent["metrics"]>[string];

/** As far as a value is told of: a bare one is good, its unit is nobody's concern. */
function metricPicture(expected: ExpectedMetric): unknown {
  const { quality, unit, value } =
    typeof expected === "object" ? expected : { value: expected, quality: "good", unit: undefined };
  return [typeof value === "number" ? close(value) : value, quality, unit ?? "any"];
}

/** Units that are converted leave digits behind that nobody measured. */
function close(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** What the expectation speaks of, of the event. */
function pictureOf(
  { event, recordClass }: StoredEvent,
  expected: ExpectedEvent | undefined,
): unknown {
  return {
    ...(expected?.device !== undefined && { device: event.device }),
    ...(expected?.time !== undefined && {
      time: new Date(event.timeMs).toISOString().replace(".000Z", "Z"),
    }),
    ...(expected?.clock !== undefined && { clock: event.clock }),
    ...(expected?.alarm && { alarm: recordClass === "alarm" }),
    ...(expected?.extensions !== undefined && { extensions: event.extensions }),
    ...(event.kind === "measurement" && {
      metrics: Object.fromEntries(
        event.data
          .filter(({ name }) => !expected?.some || expected.metrics?.[name] !== undefined)
          .map(({ name, quality, unit, value }) => {
            const wanted = expected?.metrics?.[name];
            const isTold = typeof wanted === "object" && wanted.unit !== undefined;
            const shown = typeof value === "number" ? close(value) : value;
            return [name, [shown, quality, isTold || wanted === undefined ? unit : "any"]];
          }),
      ),
    }),
    ...(event.kind === "status" && { status: event.data.state }),
    ...(event.kind === "rejection" && {
      rejection: expected?.rejection === undefined ? event.data : event.data.code,
    }),
  };
}
