/** The way of an event, for whoever asks from a command line or a page: gateway and backbone together. */

import { GatewayError } from "../core/errors.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { type EventId, parseEventId } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import type { Question } from "../core/question.ts";
import type { Way } from "../past/way.ts";
import { wayOf } from "../past/way-of.ts";
import type { BackboneSources, LoggedEvent } from "../past/way-sources.ts";
import type { Backbone } from "../stream/backbone.ts";
import { backboneSources } from "./way-sources.ts";

export interface WayDesk {
  /** Rejects where nobody could be reached. */
  readonly connected: () => Promise<Awaited<ReturnType<Backbone["connected"]>>>;
  /** Puts the question `logged` to a gateway; undefined where none can be asked here. */
  readonly askGateway: Question | undefined;
  /** Ends a search that takes too long: `stream.timeout`. Default: it takes as long as it takes. */
  readonly signal?: AbortSignal;
}

/** Undefined where nobody has anything of that id. */
export async function findWay(id: string, desk: WayDesk): Promise<Way | undefined> {
  const { askGateway } = desk;
  const logged = async (event: EventId): Promise<LoggedEvent | undefined> =>
    askGateway && toLogged(event, await askGateway({ id: event }));
  const backbone = await reach(desk);
  const way = await wayOf(id, { backbone, logged });
  if (way === undefined && typeof backbone === "string")
    throw new GatewayError(
      "stream.unavailable",
      askGateway ? `${backbone}; and no gateway here holds anything of that id` : backbone,
    );
  return way;
}

async function reach({ connected, signal }: WayDesk): Promise<BackboneSources | string> {
  try {
    return backboneSources(await connected(), signal);
  } catch (thrown) {
    return GatewayError.from(thrown, "stream.unavailable", "the backbone cannot be reached")
      .message;
  }
}

function toLogged(id: EventId, answer: object): LoggedEvent | undefined {
  if (!isObject(answer)) return undefined;
  const { appendedMs, forwarded, text } = answer;
  if (typeof text !== "string" || typeof appendedMs !== "number") return undefined;
  const event = decodeEvent(text);
  if (isMalformed(event) || event.origin.gateway !== parseEventId(id)?.gateway) return undefined;
  return { event, text, appendedMs, forwarded: forwarded === true };
}
