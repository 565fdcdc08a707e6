import { createHash } from "node:crypto";
import type { StoredEvent } from "../../src/core/event.ts";
import { formatTime } from "../../src/core/event-codec.ts";
import type { Engine, StoredMemory, TransitionDraft } from "../../src/processor/engine.ts";

const partName = "all.0";

/**
 * An engine of a few lines: an alert of a device fires at the first value above 0 and ends at the
 * next that is not. A value of 999 is one it cannot stand.
 */
export function createCountingEngine(memory?: StoredMemory): Engine {
  const snapshot = memory?.parts.get(partName);
  const firing = new Map<string, TransitionDraft>(
    isMemory(snapshot) ? Object.entries(snapshot) : [],
  );
  return {
    derived: () => [],
    *pass() {
      yield;
      return [];
    },
    feed(event: StoredEvent): readonly TransitionDraft[] {
      const value = event.kind === "measurement" ? event.data[0]?.value : undefined;
      if (event.device === null || typeof value !== "number") return [];
      if (value === 999) throw new Error("999 is too much");
      const instance = createHash("sha256").update(event.device).digest("hex").slice(0, 16);
      const now = formatTime(event.timeMs);
      const began = firing.get(instance);
      if (value > 0 && began === undefined) {
        const fired = draft(event, event.device, instance, now, null);
        firing.set(instance, fired);
        return [fired];
      }
      if (value > 0 || began === undefined) return [];
      firing.delete(instance);
      return [draft(event, event.device, instance, began.started_at, now)];
    },
    counts: { displaced: 0, leftOut: 0, overflows: 0 },
    devicesInTrouble: () => [],
    explain: () => [],
    tally: () => [],
    found: () => [],
    failingRules: () => [],
    see: () => [],
    expect: () => [],
    isAhead: () => false,
    remove(gateway) {
      const gone = [...firing.values()].filter(({ labels }) => labels["gateway"] === gateway);
      for (const { instance } of gone) firing.delete(instance);
      return gone.map(endOf);
    },
    forget: () => firing.clear(),
    open: () => firing.values(),
    goOnBehind(stored) {
      const began = firing.get(stored.instance);
      firing.delete(stored.instance);
      if (stored.state === "ended") return undefined;
      if (!began || began.started_at > stored.started_at) return endOf(stored);
      firing.set(stored.instance, stored);
      return undefined;
    },
    memory: () => ({
      head: null,
      parts: [
        {
          name: partName,
          isChanged: true,
          text: () => JSON.stringify(Object.fromEntries(firing)),
        },
      ],
    }),
  };
}

function endOf(stored: TransitionDraft): TransitionDraft {
  const id = `${stored.episode}.2`;
  return { ...stored, id, n: 2, state: "ended", reason: "data_lost" };
}

function isMemory(value: unknown): value is Record<string, TransitionDraft> {
  return typeof value === "object" && value !== null;
}

function draft(
  { origin }: StoredEvent,
  device: string,
  instance: string,
  startedAt: string,
  endedAt: string | null,
): TransitionDraft {
  const episode = createHash("sha256")
    .update(instance)
    .update(startedAt)
    .digest("hex")
    .slice(0, 16);
  const n = endedAt === null ? 1 : 2;
  return {
    schema: "alert.transition/1",
    id: `${episode}.${n}`,
    episode,
    n,
    instance,
    rule: "test/High",
    rule_rev: "1",
    state: endedAt === null ? "firing" : "ended",
    reason: endedAt === null ? "for_elapsed" : "normal",
    severity: "warning",
    stale: false,
    labels: { ...origin, device },
    annotations: {},
    started_at: startedAt,
    fired_at: startedAt,
    ended_at: endedAt,
    at: endedAt ?? startedAt,
  };
}
