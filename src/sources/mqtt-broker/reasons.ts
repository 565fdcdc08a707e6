/** What a client of version 5 is told for each thing that it is refused: a code, and words. */
import type { RefusalFacts } from "../../core/refusal.ts";
import { mostPerSession } from "./delivery-session.ts";
import { type FrameProblem, mostLevels } from "./frame-check.ts";
import type { ConnectRefusal, TopicRefusal } from "./gatekeeper.ts";
import { type ReasonCode, reasonCode } from "./v5/reason-codes.ts";

export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** Why a message is not taken, though its client may go on. */
export type MessageRefusal = TopicRefusal | "deep-topic" | "not-text" | "too-many-open";

/** Which limit a message was refused for. */
export const messageLimits: Readonly<Record<MessageRefusal, RefusalFacts>> = {
  "not-let-in": { limit: "nothing before the CONNACK" },
  "system-topic": { limit: "no topic that begins with $" },
  "foreign-topic": { limit: "publish of the user" },
  "deep-topic": { limit: "levels of a topic", atMost: mostLevels },
  "not-text": { limit: "UTF-8, as the payload is said to be" },
  "too-many-open": { limit: "open QoS 2 messages of a session", atMost: mostPerSession },
};

export const connectReasons: Readonly<Record<ConnectRefusal, Reason>> = {
  "identifier-rejected": {
    code: reasonCode.clientIdentifierNotValid,
    text: "the client identifier belongs to another user",
  },
  "bad-credentials": {
    code: reasonCode.badUserNameOrPassword,
    text: "the user name or the password is wrong",
  },
  "will-not-allowed": {
    code: reasonCode.notAuthorized,
    text: "the user may not publish to the topic of the will",
  },
  "no-room-for-will": {
    code: reasonCode.quotaExceeded,
    text: "too much waits for the disk to take on a will; try again later",
  },
  "locked-out": {
    code: reasonCode.quotaExceeded,
    text: "too many passwords were wrong for this user or from this address; try again later",
  },
  "shut-out": {
    code: reasonCode.notAuthorized,
    text: "shut out for a while after a publish that was not allowed",
  },
};

export const messageReasons: Readonly<Record<MessageRefusal, Reason>> = {
  "not-let-in": { code: reasonCode.notAuthorized, text: "the client was not let in" },
  "system-topic": {
    code: reasonCode.topicNameInvalid,
    text: "topics that begin with $ belong to the broker",
  },
  "foreign-topic": {
    code: reasonCode.notAuthorized,
    text: "the user may not publish to this topic",
  },
  "deep-topic": { code: reasonCode.topicNameInvalid, text: "the topic has more than 100 levels" },
  "not-text": {
    code: reasonCode.payloadFormatInvalid,
    text: "the payload is said to be UTF-8 and is not",
  },
  "too-many-open": {
    code: reasonCode.quotaExceeded,
    text: "too many QoS 2 messages wait for their PUBREL",
  },
};

const malformed = (text: string): Reason => ({ code: reasonCode.malformedPacket, text });
const protocol = (text: string): Reason => ({ code: reasonCode.protocolError, text });

export const problemReasons: Readonly<Record<FrameProblem, Reason>> = {
  "connect-expected": protocol("the first packet has to be a CONNECT"),
  "tls-on-plain": protocol("this port speaks plain MQTT"),
  "second-connect": protocol("a connection has one CONNECT"),
  "too-large": {
    code: reasonCode.packetTooLarge,
    text: "the packet is larger than the broker takes",
  },
  unfinished: {
    code: reasonCode.quotaExceeded,
    text: "too many halves of packets wait for their end",
  },
  "protocol-version": {
    code: reasonCode.unsupportedProtocolVersion,
    text: "the broker speaks MQTT 3.1, 3.1.1 and 5",
  },
  "bad-length": malformed("the length of the packet has more than four bytes"),
  "bad-type": protocol("clients do not send packets of this type"),
  "bad-flags": malformed("the flags of the packet are not those of its type"),
  "bad-text": malformed("a text of the packet is not UTF-8, has U+0000, or is cut off"),
  "bad-topic": {
    code: reasonCode.topicNameInvalid,
    text: "a topic name has text, and no wildcards",
  },
  "deep-topic": messageReasons["deep-topic"],
  "bad-body": malformed("the packet is too short or too long for what is in it"),
  "packet-id-zero": protocol("a packet identifier is not 0"),
  "will-qos": malformed("the QoS of the will is 3"),
  "password-without-user": malformed("there is a password without a user name"),
  "bad-property": malformed("a property is unknown or cut off"),
  "wrong-property": protocol("a property does not belong to this packet, or has no such value"),
  "property-twice": protocol("a property is there twice"),
  "authentication-method": {
    code: reasonCode.badAuthenticationMethod,
    text: "the broker knows user names and passwords only",
  },
  "bad-alias": {
    code: reasonCode.topicAliasInvalid,
    text: "the topic alias stands for nothing, or is above the maximum",
  },
  "receive-maximum": {
    code: reasonCode.receiveMaximumExceeded,
    text: "more messages are under way than the broker's receive maximum",
  },
  "bad-reason": malformed("the packet has no such reason code"),
  "takes-too-little": protocol("the maximum packet size has no room for a CONNACK"),
  "session-expiry": protocol("a session that ends with its connection cannot be kept at its end"),
};

/** Which limit a connection was closed for, where its packets alone do not say it. */
export const problemLimits: Readonly<Partial<Record<FrameProblem, RefusalFacts>>> = {
  "protocol-version": { limit: "MQTT 3.1, 3.1.1 or 5" },
  "takes-too-little": { limit: "a maximum packet size that has room for a CONNACK" },
};

/** Why the broker ends a connection that has done nothing wrong, or too little. */
export const endings = {
  silent: {
    code: reasonCode.keepAliveTimeout,
    text: "nothing came for one and a half keep alives",
  },
  takenOver: {
    code: reasonCode.sessionTakenOver,
    text: "another connection has the client identifier now",
  },
  userChanged: {
    code: reasonCode.administrativeAction,
    text: "what the user may do has changed, or the user is gone; connect again",
  },
  stopping: { code: reasonCode.serverShuttingDown, text: "the gateway stops" },
  lagging: {
    code: reasonCode.quotaExceeded,
    text: "the subscriber does not keep up with what is sent to it",
  },
} as const satisfies Readonly<Record<string, Reason>>;
