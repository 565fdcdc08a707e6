/** What changes at a gateway, for those who look: begun when somebody does, ended when nobody does. */
import type { Topic } from "../../api/live/topic.ts";
import type { StatusDesk } from "../../api/routes/status-routes.ts";
import type { Clock } from "../../core/clock.ts";
import type { DeviceId } from "../../core/ids.ts";
import { deviceToken } from "../../core/subject.ts";
import { escapeToken } from "../../core/token.ts";
import { devicesOf } from "../../gateway/registry/device-rows.ts";
import { type DeviceState, stateOf } from "../../gateway/registry/device-state.ts";
import type { GatewayFacts } from "../gateway-facts.ts";
import type { GatewayAlerts } from "./alerts/gateway-alerts.ts";
import { comparedTopic } from "./compared-topic.ts";
import type { DeadLetterBook } from "./dead-letters/dead-letter-book.ts";
import { rowsOfGateway } from "./devices/gateway-device-rows.ts";
import { lookedAtTopic } from "./looked-at-topic.ts";

const statusEveryMs = 1_000;
const countEveryMs = 10_000;
const tellEveryMs = 500;
/** Devices that are told of at once; those that waited longest go first. */
const mostAtOnce = 500;
const statesEveryMs = 5_000;

/** One row, under `here`; while somebody looks, dead letters are counted once in a while. */
export function statusTopic(desk: StatusDesk, clock: Clock, book?: DeadLetterBook): Topic {
  const count = (): void => void book?.now().catch(() => {});
  count();
  const rows = {
    get: () => desk.now(),
    *[Symbol.iterator]() {
      yield ["here", desk.now()] as const;
    },
  };
  return lookedAtTopic("status", () => rows, clock, [
    { everyMs: statusEveryMs, run: (touch) => touch("here") },
    { everyMs: countEveryMs, run: count },
  ]);
}

/**
 * Rows by key. A device that says something is told of twice a second at most; one that falls silent
 * says nothing, so how they all are is looked at once in a while.
 */
export function devicesTopic(facts: GatewayFacts, clock: Clock): Topic {
  const { gateway, site } = facts.origin;
  const prefix = `${escapeToken(site)}.${escapeToken(gateway)}.`;
  const changed = new Set<DeviceId>();
  const told = new Map<DeviceId, DeviceState>();
  const tell = (touch: (key: string) => void): void => {
    let count = 0;
    for (const device of changed) {
      if (count === mostAtOnce) break;
      count += 1;
      changed.delete(device);
      touch(prefix + deviceToken(device));
    }
  };
  const lookAtStates = (): void => {
    const running = facts.devices.running();
    for (const [{ device, intervalMs }, entry] of devicesOf(facts.devices)) {
      const state = stateOf(entry, intervalMs, running);
      if (told.get(device) !== state) changed.add(device);
      told.set(device, state);
    }
  };
  const end = facts.changes.listen((device) => changed.add(device));
  lookAtStates();
  changed.clear();
  return lookedAtTopic(
    "devices",
    () => rowsOfGateway(facts),
    clock,
    [
      { everyMs: tellEveryMs, run: tell },
      { everyMs: statesEveryMs, run: lookAtStates },
    ],
    end,
  );
}

/** Open alerts by instance; one that ended is gone. */
export function alertsTopic(alerts: GatewayAlerts, clock: Clock): Topic {
  return comparedTopic("alerts", () => alerts.rows(), clock);
}
