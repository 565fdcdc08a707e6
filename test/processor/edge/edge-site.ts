import { onTestFinished } from "vitest";
import type { AlertTransition } from "../../../src/core/alert.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { GatewayEvent, StoredEvent } from "../../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../../src/core/event-codec.ts";
import { createDrafter } from "../../../src/core/event-draft.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import { EdgeRules } from "../../../src/processor/edge/edge-rules.ts";
import type { EdgeReceiver } from "../../../src/processor/edge/edge-teller.ts";
import { openRuleEngine } from "../../../src/rules/engine.ts";
import { joinMemory } from "../../../src/rules/engine-snapshot.ts";
import { noReservedRules } from "../../../src/rules/reserved/reserved-rules.ts";
import { ofEdge, type RuleSet } from "../../../src/rules/rule-set.ts";
import { fastClock } from "../../support/fast-clock.ts";
import { origin } from "../../support/gateway-stream.ts";
import { MemoryLog } from "../../support/memory-log.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";
import { waitUntil } from "../../support/wait-until.ts";

const draft = createDrafter(origin);

/** A gateway's log and memory, over processes that are killed. */
export class EdgeSite {
  #log = new MemoryLog(origin, "run00000");
  #runs = 0;
  /** What the disk has. */
  memory: string | undefined;
  readonly clock: Clock = fastClock(20);

  get log(): MemoryLog {
    return this.#log;
  }

  write(events: readonly GatewayEvent[]): void {
    for (const event of events) this.#log.append(draft(event));
  }

  /** What the log has of what the rules found, in its order. */
  found(): AlertTransition[] {
    return this.#log.records.flatMap(({ body, kind }) => {
      if (kind !== "alert-transition") return [];
      const event = decodeEvent(Buffer.from(body).toString());
      return isMalformed(event) || event.kind !== "alert-transition" ? [] : event.data;
    });
  }

  /** Another process of the gateway, on the log that is there. */
  start(rules: RuleSet, receivers: readonly EdgeReceiver[] = []) {
    this.#runs += 1;
    const log = new MemoryLog(origin, `run${String(this.#runs).padStart(5, "0")}`, this.#log);
    this.#log = log;
    let isAlive = true;
    const edge = new EdgeRules(this.#setOf(rules), {
      ...{ clock: this.clock, log, origin, receivers },
      append: (data) => {
        const timeMs = Date.parse(data.at);
        const device = toDeviceId(data.labels["device"] ?? "");
        const frame = { device, timeMs, receivedMs: timeMs, clock: "gateway" } as const;
        if (!isAlive) return log.lastSeq;
        return log.append(draft({ kind: "alert-transition", ...frame, data }));
      },
      file: {
        read: async () => this.memory,
        replace: async (text) => {
          if (isAlive) this.memory = text;
        },
        remove: async () => {
          if (isAlive) this.memory = undefined;
        },
      },
      lateAfterMs: 60_000,
      logger: silentLogger,
      random: () => 0.5,
      setAside: silentMetrics.counter("n", "n"),
    });
    edge.start(this.memory);
    onTestFinished(() => edge.stop());
    return {
      edge,
      adopt: (next: RuleSet) => edge.adopt(this.#setOf(next)),
      /** Everything that is in the log was judged. */
      caughtUp: () => waitUntil(() => edge.state().behind === 0, "the rules judged all of the log"),
      /** As a kill does: nothing that it does from now on counts. */
      kill: () => {
        isAlive = false;
        return edge.stop();
      },
    };
  }

  #setOf(rules: RuleSet) {
    const own = ofEdge(rules);
    return {
      count: own.rules.length,
      createEngine: (memory?: {
        readonly head: unknown;
        readonly parts: ReadonlyMap<string, unknown>;
      }) => {
        const opening = openRuleEngine(
          own,
          memory && joinMemory(memory.head, memory.parts),
          noReservedRules,
        );
        for (;;) {
          const step = opening.next();
          if (step.done) return step.value;
        }
      },
    };
  }
}

/** Events of a script, for a log that numbers them itself. */
export function bare(events: readonly StoredEvent[]): GatewayEvent[] {
  return events.map(({ origin: _, position: __, ...event }) => event);
}
