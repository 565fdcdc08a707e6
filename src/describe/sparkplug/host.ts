/**
 * Reads what edge nodes of Sparkplug B publish, as a host application does: births say what there is, data
 * is read by them, deaths end them.
 *
 * Invariants
 * - No value is stored under a name that a birth may have given to another one meanwhile.
 * - What was missed is asked for by a request for a rebirth, of each node at most once in some seconds.
 */
import type { DeviceId } from "../../core/ids.ts";
import type { RawMessage } from "../../core/message.ts";
import type { RejectionCode } from "../../core/rejection.ts";
import { readPayload } from "../../normalize/codecs/sparkplug/payload.ts";
import { toText } from "../../normalize/decode.ts";
import type { KnownDevice } from "../../normalize/known-device.ts";
import type { Normalized, PassedOverMessage } from "../../normalize/normalized.ts";
import type { ReadingLimits } from "../../normalize/read-member.ts";
import type { SessionReader } from "../../normalize/session-reader.ts";
import { EdgeNodes } from "./edge-nodes.ts";
import type { Heard, HostParts } from "./heard.ts";
import { MemberEvents } from "./member-events.ts";
import { readValues } from "./read-values.ts";
import { momentOf } from "./reading.ts";
import { RebirthDesk } from "./rebirth-desk.ts";
import { rebirthRequest } from "./rebirth-request.ts";
import { takeBirth } from "./take-birth.ts";
import { readDataAgain, takeData } from "./take-data.ts";
import { takeDeath } from "./take-death.ts";
import { type MessageType, parseTopic } from "./topic.ts";

const by = "sparkplug";
const commands: PassedOverMessage = { passedOver: "ignored", by, filter: "NCMD, DCMD" };
const states: PassedOverMessage = { passedOver: "ignored", by, filter: "STATE" };

export class SparkplugHost implements SessionReader {
  readonly nodes = new EdgeNodes();
  readonly #parts: HostParts;
  readonly #rebirths: RebirthDesk;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#rebirths = new RebirthDesk(parts.clock);
  }

  read(message: RawMessage, clockSynced: boolean, limits: ReadingLimits): Normalized | undefined {
    return this.#read(message, clockSynced, limits, false);
  }

  /** For messages that are read once more: they change nothing. */
  get reader(): SessionReader {
    return {
      read: (message, clockSynced, limits) => this.#read(message, clockSynced, limits, true),
    };
  }

  known(id: DeviceId, profileName: string): KnownDevice | undefined {
    const found = this.nodes.find(id)?.member.known;
    return found?.profile.name === profileName ? found : undefined;
  }

  #read(
    message: RawMessage,
    clockSynced: boolean,
    limits: ReadingLimits,
    isAgain: boolean,
  ): Normalized | undefined {
    const topic = parseTopic(message.address);
    if (topic.kind !== "message") return passOver(topic.kind, message);
    const payload = readPayload(message.payload);
    const saidMs = "problem" in payload ? undefined : momentOf(payload.timestamp);
    const events = new MemberEvents(message, clockSynced, limits, saidMs);
    if ("problem" in payload)
      return refused(events, "undecodable", `no Sparkplug payload: ${payload.problem}`);
    const opened = this.nodes.open(topic, message.device);
    if ("problem" in opened) return refused(events, "bad-device", opened.problem);
    const { member, node } = opened;
    if (this.#parts.isConfigured(member.id)) return undefined;
    const { nodes } = this;
    const { type } = topic;
    const heard = {
      message,
      type,
      payload,
      node,
      member,
      events,
      limits,
      nodes,
      parts: this.#parts,
    };
    return isAgain ? readAgain(heard) : this.#take(heard);
  }

  /** Asks the node to be born again, too, where something of it is not known. */
  #take(heard: Heard): Normalized | undefined {
    const { member, message, node, type } = heard;
    const found = takers[type](heard);
    const { clock, send } = this.#parts;
    if (node.wants !== undefined && this.#rebirths.mayAsk(node))
      send(member.id, rebirthRequest(node, clock.wallMs()), message.source);
    return found;
  }
}

const takers = {
  ...{ NBIRTH: takeBirth, DBIRTH: takeBirth },
  ...{ NDEATH: takeDeath, DDEATH: takeDeath },
  ...{ NDATA: takeData, DDATA: takeData },
} satisfies Readonly<Record<MessageType, (heard: Heard) => Normalized | undefined>>;

/** Births and deaths of before say nothing of what there is now. */
function readAgain(heard: Heard): Normalized | undefined {
  const { events, member, type } = heard;
  if (type === "NDATA" || type === "DDATA") return readDataAgain(heard);
  const isBirth = type === "NBIRTH" || type === "DBIRTH";
  events.status(member, isBirth ? "online" : "offline", type);
  if (isBirth) readValues(heard, false, false);
  return events.stored(member);
}

function refused(
  events: MemberEvents,
  code: RejectionCode,
  reason: string,
): Normalized | undefined {
  events.reject(undefined, { code, reason });
  return events.stored(undefined);
}

/** Counted and not stored: what others say to nodes, and whether hosts are there. */
function passOver(
  kind: "command" | "state" | "old-state" | "none",
  { payload }: RawMessage,
): PassedOverMessage | undefined {
  if (kind === "command") return commands;
  if (kind === "state") return states;
  // Before version 3 a host said one of two words, on a topic that any device may have.
  const text = kind === "none" || payload.byteLength > 16 ? "" : toText(payload);
  return text === "ONLINE" || text === "OFFLINE" ? states : undefined;
}
