/**
 * From the gateway to a device that is a client of this broker: a message to those that are subscribed
 * and connected, and what the one that is the device answered.
 *
 * Of several subscribers the device is the one whose credentials or identifier say so, or that the
 * device was last heard from; else the one that names the topic in full; else any whose filter is not
 * for everything. Where its own session is kept and its client is away, nobody stands for it.
 *
 * Nothing arrives long after its time: a connection on which it was not acknowledged by then may hold it
 * in a network that stalls, so it is cut with all that it holds. That is judged when it could be heard:
 * behind a slow disk the acknowledgment may be there and not read yet.
 */
import type { Clock } from "../../core/clock.ts";
import {
  answeredAlready,
  type DeviceWay,
  type DeviceWrite,
  type WriteOutcome,
} from "../../core/device-write.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import { matchesTopic } from "../../core/topic-filter.ts";
import { judgeSilence } from "../judge-silence.ts";
import type { Connection } from "./connection.ts";
import { cutSocket } from "./cut-socket.ts";
import type { Session } from "./sessions.ts";
import type { Subscribers } from "./subscribers.ts";
import type { Fate, TellFate } from "./unacknowledged.ts";
import { firstFailure } from "./v5/reason-codes.ts";

export interface BrokerWayDeps {
  readonly subscribers: Pick<Subscribers, "deliverNow" | "sessions">;
  /** The client that a device was last heard from. */
  readonly clientOf: (device: DeviceId) => string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Listener = Session<Connection>;

/** How sure it is that a subscriber is the device. */
const own = 3;
const namesTopic = 2;
const someFilter = 1;
const hearsAll = 0;

const noBytes = new Uint8Array();
const dollar = 36;

export class BrokerWay implements DeviceWay {
  readonly #deps: BrokerWayDeps;

  constructor(deps: BrokerWayDeps) {
    this.#deps = deps;
  }

  reaches(device: DeviceId, write: DeviceWrite): "now" | "later" | "never" {
    if (write.kind !== "message" || write.topic.charCodeAt(0) === dollar) return "never";
    return typeof this.#find(device, write.topic) === "string" ? "later" : "now";
  }

  async write(device: DeviceId, write: DeviceWrite, signal: AbortSignal): Promise<WriteOutcome> {
    if (write.kind !== "message") return { outcome: "absent", text: "it takes MQTT messages only" };
    const found = this.#find(device, write.topic);
    if (typeof found === "string") return { outcome: "absent", text: found };
    if (signal.aborted) return { outcome: "absent", text: "there was no time left" };
    const { client, holder, outbox } = found;
    const { clock, logger, subscribers } = this.#deps;
    const { payload, qos, retain, topic, validMs } = write;
    return new Promise((resolve) => {
      const expired = (): void => {
        const isUnsent = outbox.recall(tell);
        if (isUnsent) tell("dropped");
        if (isUnsent || holder === undefined) return;
        const who = { client, device, topic };
        logger.warn(
          "a client did not acknowledge a command before it expired, and was cut off",
          who,
        );
        cutSocket(holder.socket);
      };
      const isDeaf = (): boolean => holder !== undefined && holder.lane.bytes > 0;
      const expiry =
        validMs === undefined
          ? undefined
          : judgeSilence(clock, validMs, { isDeaf, judge: expired });
      const tell: TellFate = (fate) => {
        expiry?.cancel();
        signal.removeEventListener("abort", giveUp);
        resolve(outcomeOf(fate, client));
      };
      const giveUp = (): void => {
        if (signal.reason === answeredAlready) expiry?.cancel();
        if (outbox.recall(tell)) tell("dropped");
        else resolve({ outcome: "unknown", text: `client ${client} did not answer in time` });
      };
      signal.addEventListener("abort", giveUp, { once: true });
      const expirySeconds = validMs === undefined ? undefined : validMs / 1_000;
      const properties5 = { forwarded: noBytes, expirySeconds };
      subscribers.deliverNow({ topic, payload, qos, retain, properties5 }, client, tell);
    });
  }

  /** The session that is the device; else why there is none. */
  #find(device: DeviceId, topic: string): Listener | string {
    const { clientOf, subscribers } = this.#deps;
    const heard = clientOf(device);
    let best: Listener | undefined;
    let bestRank = hearsAll;
    let away: Listener | undefined;
    for (const session of subscribers.sessions.listeners(topic)?.keys() ?? []) {
      const isOwn =
        session.client === device ||
        session.client === heard ||
        session.lastHolder.device === device;
      const rank = isOwn ? own : rankOf(session, topic);
      if (!session.outbox.isAttached) away ??= isOwn ? session : undefined;
      else if (rank > bestRank) {
        best = session;
        bestRank = rank;
      }
    }
    if (best !== undefined && (bestRank === own || away === undefined)) return best;
    return away === undefined
      ? `no client that is connected has subscribed to ${topic}`
      : `its client ${away.client} is away`;
  }
}

function rankOf({ filters }: Listener, topic: string): number {
  if (filters.has(topic)) return namesTopic;
  for (const filter of filters)
    if (filter[0] !== "#" && filter[0] !== "+" && matchesTopic(filter, topic)) return someFilter;
  return hearsAll;
}

function outcomeOf(fate: Fate, client: string): WriteOutcome {
  if (fate === "written") return { outcome: "sent" };
  if (fate === "dropped")
    return { outcome: "absent", text: `client ${client} did not take it: nothing was sent` };
  if (fate === "lost")
    return {
      outcome: "unknown",
      text: `the connection of client ${client} ended before it answered`,
    };
  if (fate < firstFailure) return { outcome: "delivered", text: `client ${client} has it` };
  return { outcome: "refused", text: `client ${client} refused it with reason code ${fate}` };
}
