/**
 * What can be seen at the backbone by anybody who connects: alert transitions as they are stored,
 * and in the end the whole stream, counted by the devices' own numbers.
 */

import type { AlertTransition } from "../core/alert.ts";
import { type Clock, sleep } from "../core/clock.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { toGatewayId } from "../core/ids.ts";
import { alertsStream, gatewayStream, notifyLogStream } from "../core/subject.ts";
import type { Fleet } from "../simulate/fleet.ts";
import { createProof, numberOf, type Verdict } from "../simulate/proof.ts";
import type { Backbone } from "../stream/backbone.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { parseTransition } from "../stream/parse-transition.ts";
import { readWholeStream } from "../stream/read-whole-stream.ts";

const gateway = toGatewayId("gw1");
/** How long the backbone is waited for. */
const timeoutMs = 10_000;

export interface DemoEye {
  /** Resolves with the first transition that fits, past or to come; undefined after `limitMs`. */
  transition(
    fits: (transition: AlertTransition) => boolean,
    limitMs: number,
  ): Promise<AlertTransition | undefined>;
  /** All transitions stored so far. */
  transitions(): Promise<readonly AlertTransition[]>;
  /** How often a transition was handed to a receiver. */
  notifications(transition: AlertTransition): Promise<number>;
  /** Reads the gateway's whole stream and holds it against what the devices sent. */
  proof(fleet: Fleet): Promise<Verdict>;
  close(): Promise<void>;
}

/** Looks through the connection to a server, which it closes in the end. */
export function openDemoEye(backbone: Backbone, server: string, clock: Clock): DemoEye {
  const advice = "the demo's nats-server is gone or stands still; start the demo again";
  const connection = () => connectInTime(backbone, { servers: [server], timeoutMs, advice });

  const transitions = async (): Promise<readonly AlertTransition[]> => {
    const found: AlertTransition[] = [];
    await readWholeStream(await connection(), alertsStream, ({ body }) => {
      const transition = parseTransition(body);
      if (transition) found.push(transition);
    });
    return found;
  };

  return {
    transitions,
    async transition(fits, limitMs) {
      const until = clock.monotonicMs() + limitMs;
      for (;;) {
        const found = (await transitions()).find(fits);
        if (found || clock.monotonicMs() > until) return found;
        await sleep(clock, 100);
      }
    },
    async notifications({ id }) {
      let count = 0;
      await readWholeStream(await connection(), notifyLogStream, ({ body }) => {
        if (Buffer.from(body).includes(`"${id}"`)) count += 1;
      });
      return count;
    },
    async proof(fleet) {
      const proof = createProof();
      for (const { ackedRanges, id } of fleet.reports()) {
        for (const { from, to } of ackedRanges)
          for (let n = from; n <= to; n += 1) proof.sent(id, n);
      }
      await readWholeStream(await connection(), gatewayStream(gateway), ({ body }) => {
        const event = decodeEvent(Buffer.from(body).toString("utf8"));
        const number = isMalformed(event) ? undefined : numberOf(event);
        if (number) proof.stored(number.device, number.n);
      });
      return proof.verdict();
    },
    close: () => backbone.close(),
  };
}
