import { describe, expect, it } from "vitest";
import { toDeviceId, toSeq } from "../../src/core/ids.ts";
import { isDurable, type Receipt } from "../../src/core/receipt.ts";
import { type RejectionEvent, RejectionQuota } from "../../src/gateway/rejection-quota.ts";
import { ManualClock } from "../support/manual-clock.ts";

function quota() {
  const clock = new ManualClock();
  const kept: { readonly topic: string; readonly notKept: number }[] = [];
  const named: (string | null)[] = [];
  const waiting: { readonly receipt: Receipt; readonly message: string }[] = [];
  const made = new RejectionQuota(clock, ({ data, device }) => {
    named.push(device);
    return toSeq(kept.push({ topic: data.topic, notKept: data.notKept ?? 0 }));
  });
  const send = (client: string, topic: string, n: number): void => {
    waiting.push({ receipt: made.take(client, rejection(topic)), message: `${client} ${n}` });
  };
  const sendOf = (device: string, n: number): void => {
    const event = { ...rejection(`tele/${device}`), device: toDeviceId(device) };
    waiting.push({ receipt: made.take("bridge", event), message: `bridge ${n}` });
  };
  /** What may be acknowledged of all that was sent, were all that was kept on disk. */
  const acked = (): string[] =>
    waiting
      .filter(({ receipt }) => isDurable(receipt, toSeq(kept.length)))
      .map(({ message }) => message);
  return { acked, clock, kept, named, quota: made, send, sendOf };
}

function rejection(topic: string): RejectionEvent {
  const data = { code: "bad-value", reason: "nobody takes it", topic, payload: "" } as const;
  return { kind: "rejection", device: null, timeMs: 0, receivedMs: 0, clock: "gateway", data };
}

function accountedFor(kept: readonly { readonly notKept: number }[]): number {
  return kept.reduce((sum, { notKept }) => sum + notKept + 1, 0);
}

describe("the quota of rejections", () => {
  it("keeps the first of a topic whole, and counts every one that comes beyond", async () => {
    const { acked, clock, kept, send } = quota();
    for (let n = 0; n < 1_000; n += 1) send("a", "tele/typo", n);
    await clock.advance(1_000);
    expect(kept.length).toBeLessThan(160);
    expect(kept.slice(0, 128).every(({ notKept }) => notKept === 0)).toBe(true);
    expect(accountedFor(kept)).toBe(1_000);
    expect(acked()).toEqual(Array.from({ length: 1_000 }, (_, n) => `a ${n}`));
  });

  it("is one of each topic, and one of all topics together", async () => {
    const { clock, kept, send } = quota();
    for (let n = 0; n < 100; n += 1) send("a", "tele/typo", n);
    send("b", "tele/other", 0);
    expect(kept.at(-1)).toEqual({ topic: "tele/other", notKept: 0 });
    const before = kept.length;
    for (let n = 0; n < 2_000; n += 1) send("b", `tele/${n}`, n);
    await clock.advance(1_000);
    expect(kept.length - before).toBeLessThan(1_100);
    expect(accountedFor(kept)).toBe(2_101);
  });

  it("acknowledges in order: the count stands in front of what the client sends next", () => {
    const { acked, kept, quota: made, send } = quota();
    for (let n = 0; n < 136; n += 1) send("a", "tele/typo", n);
    expect(acked()).toHaveLength(128);
    made.passing("b");
    expect(acked()).toHaveLength(128);
    made.passing("a");
    expect(acked()).toHaveLength(136);
    expect(kept.at(-1)).toEqual({ topic: "tele/typo", notKept: 7 });
  });

  it("is there anew every minute", async () => {
    const { clock, kept, send } = quota();
    for (let n = 0; n < 129; n += 1) send("a", "tele/typo", n);
    await clock.advance(60_000);
    send("a", "tele/typo", 129);
    expect(kept).toHaveLength(130);
    expect(accountedFor(kept)).toBe(130);
  });

  it("names every device of a bridge every few seconds, also far beyond the others", async () => {
    const { acked, clock, kept, named, sendOf } = quota();
    let sent = 0;
    for (let second = 0; second < 120; second += 1) {
      for (let n = 0; n < 300; n += 1) {
        sendOf(`d${n}`, sent);
        sent += 1;
      }
      await clock.advance(1_000);
      if (second % 20 !== 19) continue;
      expect(new Set(named.splice(0)).size).toBe(300);
    }
    expect(kept.length).toBeLessThan(sent / 3);
    expect(accountedFor(kept)).toBe(sent);
    expect(acked()).toEqual(Array.from({ length: sent }, (_, n) => `bridge ${n}`));
  });

  it("names no more devices than its bound, however many are made up", async () => {
    const { clock, kept, sendOf } = quota();
    for (let n = 0; n < 10_000; n += 1) sendOf(`d${n}`, n);
    await clock.advance(1_000);
    expect(kept.length).toBeLessThan(1_024 + 10_000 / 32);
    expect(accountedFor(kept)).toBe(10_000);
  });

  it("leaves nothing uncounted when the gateway stops", () => {
    const { acked, kept, quota: made, send } = quota();
    for (let n = 0; n < 136; n += 1) send("a", "tele/typo", n);
    made.flush();
    expect(acked()).toHaveLength(136);
    expect(accountedFor(kept)).toBe(136);
  });
});
