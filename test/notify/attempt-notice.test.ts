import { describe, expect, test } from "vitest";
import { type Span, spanIdOf } from "../../src/core/span.ts";
import { parseTraceParent } from "../../src/core/trace-context.ts";
import type { AttemptFacts } from "../../src/notify/attempt-log.ts";
import {
  type AttemptHistory,
  attemptNotice,
  plainNotice,
} from "../../src/notify/attempt-notice.ts";
import type { Delivery, Notice } from "../../src/notify/receiver.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { transition } from "../support/notifying.ts";

const hourMs = 3_600_000;
const alert = transition("f1", 1, 1);

interface Trial {
  readonly answer?: Delivery;
  readonly history?: Partial<AttemptHistory>;
  /** Before the attempt. */
  readonly storedMs?: number;
  readonly stored?: boolean;
}

async function attempt({ answer, history, storedMs = 0, stored = true }: Trial) {
  const clock = new ManualClock();
  const noted: AttemptFacts[] = [];
  const told: Notice[] = [];
  const counted: Delivery[] = [];
  const delivery = await attemptNotice(
    { content: plainNotice(alert), storedMs: clock.wallMs() - storedMs },
    { attempts: 0, triedForMs: 0, waitedMs: 0, ...history },
    new AbortController().signal,
    {
      name: "hook",
      giveUpAfterMs: 24 * hourMs,
      receiver: {
        async deliver(notice) {
          told.push(notice);
          return answer ?? { kind: "delivered" };
        },
      },
      attempts: { record: async (facts) => stored && noted.push(facts) > 0 },
      clock,
      onAttempt: (outcome) => counted.push(outcome),
    },
  );
  return { delivery, noted, notice: told[0], counted };
}

const failed: Delivery = { kind: "failed", reason: "answered 401", misconfigured: true };

describe("an attempt to tell of a transition", () => {
  test("says when it is made and that it is not the first", async () => {
    const { notice } = await attempt({ history: { attempts: 3 } });
    expect(notice).toMatchObject({ sentAt: "2026-11-21T14:00:00.000Z", attempt: 4 });
  });

  test.each([
    [{ waitedMs: hourMs }, hourMs, true],
    // It came while others of its instance waited.
    [{ waitedMs: hourMs }, 5_000, false],
    // Nobody ran who could have told it.
    [{ waitedMs: 5_000 }, hourMs, false],
  ])(
    "is late by the receiver where both %j and a transition of %i ms ago say so",
    async (history, storedMs, late) => {
      const { notice } = await attempt({ history, storedMs });
      expect(notice?.lateByReceiver).toBe(late);
    },
  );

  test("is repeated for a day, also where the address or the credentials are wrong", async () => {
    const { delivery, noted } = await attempt({
      answer: failed,
      history: { triedForMs: 23 * hourMs },
    });
    expect(delivery).toEqual(failed);
    expect(noted).toMatchObject([{ outcome: "failed", reason: "answered 401" }]);
  });

  test("leaves a dead letter with the whole alert when it is given up", async () => {
    const { delivery, noted } = await attempt({
      answer: failed,
      history: { triedForMs: 24 * hourMs },
    });
    expect(delivery?.kind).toBe("refused");
    expect(noted).toMatchObject([
      { outcome: "dead-letter", reason: "answered 401; given up", alert: { id: alert.id } },
    ]);
  });

  test("is not given up before the dead letter is stored", async () => {
    const refused: Delivery = { kind: "refused", reason: "answered 422" };
    const { counted, delivery } = await attempt({ answer: refused, stored: false });
    expect(delivery).toMatchObject({ kind: "failed" });
    expect(counted).toMatchObject([{ kind: "failed" }]);
  });

  test("is logged the first times, then each time their number doubles", async () => {
    const logged: number[] = [];
    for (let attempts = 0; attempts < 130; attempts += 1)
      if ((await attempt({ answer: failed, history: { attempts } })).noted.length > 0)
        logged.push(attempts + 1);
    expect(logged).toEqual([...Array.from({ length: 16 }, (_, n) => n + 1), 32, 64, 128]);
  });
});

describe("what a receiver says of a failure", () => {
  test("is one short line that no terminal obeys, however much the other side said", async () => {
    const reason = `\u001b[2J\n${"x".repeat(100_000)}`;
    const { delivery } = await attempt({ answer: { kind: "failed", reason } });
    expect(delivery).toMatchObject({
      reason: expect.stringMatching(/^\\u001b\[2J\\nx{400,499}…$/),
    });
  });
});

describe("a trace of what is told", () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const tell = async (spans: Span[] | undefined, answer: Delivery) => {
    const told: Notice[] = [];
    await attemptNotice(
      { content: plainNotice({ ...alert, traceparent }), storedMs: 0 },
      { attempts: 0, triedForMs: 0, waitedMs: 0 },
      new AbortController().signal,
      {
        ...{ name: "hook", giveUpAfterMs: hourMs, clock: new ManualClock(), onAttempt: () => {} },
        receiver: {
          async deliver(notice) {
            told.push(notice);
            return answer;
          },
        },
        attempts: { record: async () => true },
        spans: spans && { add: (span) => void spans.push(span) },
      },
    );
    return told[0]?.trace?.traceparent;
  };

  test("goes on as it is where nobody collects spans", async () => {
    expect(await tell(undefined, { kind: "delivered" })).toBe(traceparent);
  });

  test("goes on below the span of the attempt where they are", async () => {
    const spans: Span[] = [];
    const below = parseTraceParent((await tell(spans, failed)) ?? "");
    const [span] = spans;
    expect(span).toMatchObject({
      name: "notified",
      trace: { traceparent },
      failure: "answered 401",
    });
    expect(span && below?.parentId).toBe(span && spanIdOf(span));
  });
});
