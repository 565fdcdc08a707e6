/** Alerts of one site that all fire at the same moment, in the stream where a processor stores them. */
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { AlertTransition } from "../../src/core/alert.ts";
import { fnv1a64 } from "../../src/core/fnv1a.ts";
import { toSiteId } from "../../src/core/ids.ts";
import { alertSubject } from "../../src/core/subject.ts";

const site = "plant-a";
/** Devices of one gateway. */
const perGateway = 200;

/** All of one rule of the group `cold_chain`. */
export function alertsAtOnce(
  count: number,
  atMs: number,
  rule: string,
): readonly AlertTransition[] {
  const at = new Date(atMs).toISOString();
  return Array.from({ length: count }, (_, n) => {
    const device = `freezer-${n}`;
    const instance = fnv1a64(`${rule} ${device}`);
    const episode = fnv1a64(`${rule} ${device} ${atMs}`);
    return {
      schema: "alert.transition/1",
      id: `${episode}.1`,
      episode,
      n: 1,
      instance,
      rule: `cold_chain/${rule}`,
      rule_rev: "b1946ac9",
      state: "firing",
      reason: "for_elapsed",
      severity: "warning",
      late: false,
      stale: false,
      labels: {
        site,
        gateway: `gw-${Math.floor(n / perGateway)}`,
        device,
        metric: "temperature",
        team: "facilities",
      },
      annotations: { summary: `${device} is at -11.4 °C since ${at}` },
      value: -11.4,
      limit: -15,
      unit: "Cel",
      started_at: at,
      fired_at: at,
      ended_at: null,
      at,
      observed_at: at,
    };
  });
}

/** Appends them as fast as the server takes them. */
export function appendAtOnce(
  connection: NatsConnection,
  transitions: readonly AlertTransition[],
): Promise<void> {
  const reply = "_INBOX.alerts";
  return new Promise((resolve, reject) => {
    let stored = 0;
    connection.subscribe(reply, {
      max: transitions.length,
      callback: (failure) => {
        if (failure) reject(failure);
        stored += 1;
        if (stored === transitions.length) resolve();
      },
    });
    for (const transition of transitions) {
      const carried = headers();
      carried.set("Nats-Msg-Id", transition.id);
      const body = JSON.stringify(transition);
      const subject = alertSubject(toSiteId(site), transition.instance);
      connection.publish(subject, body, { reply, headers: carried });
    }
  });
}
