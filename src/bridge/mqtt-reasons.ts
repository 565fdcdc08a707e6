/** What a broker's reason codes mean (MQTT 5, 2.4). */
import { printable } from "../core/printable.ts";
import type { Delivered, Trouble } from "./link.ts";

const words: Readonly<Record<number, string>> = {
  1: "the broker does not speak MQTT 5",
  132: "the broker does not speak MQTT 5",
  133: "the broker does not take the client id; set client_id",
  134: "the broker refused user or password",
  135: "the broker does not let this user do that: not authorized",
  136: "the broker is not ready for clients",
  137: "the broker is busy",
  138: "the broker banned this client",
  141: "the broker heard nothing for too long",
  142: "another client has this client id; set another client_id",
  144: "the broker does not take this topic",
  147: "the broker was sent more at a time than it takes",
  149: "it is too large for the broker",
  151: "a quota of the broker is used up",
  153: "the broker does not take this payload",
  155: "the broker does not take this QoS; set qos: 1",
  159: "the broker lets clients connect less often",
};
/** These speak of the message itself. */
const ofMessage = new Set([144, 149, 153]);
/** And these of what has to be changed first. */
const needPeople = new Set([1, 132, 133, 134, 135, 138, 142, 155]);
/** A packet with such a code is a refusal. */
export const failuresFrom = 0x80;

/** `said` is the reason string of the broker. */
export function brokerTrouble(code: number, said: string | undefined): Trouble {
  const reason = words[code] ?? `the broker answered with code ${code}`;
  const more = said === undefined ? "" : `: ${printable(said.slice(0, 200))}`;
  return { kind: "trouble", reason: `${reason}${more}`, needsPeople: needPeople.has(code) };
}

/** What a PUBACK, PUBREC or PUBCOMP says; 16 is that nobody subscribed, and the broker took it. */
export function judgeAck(code: number, said: string | undefined): Delivered {
  if (code < failuresFrom) return { kind: "taken" };
  const trouble = brokerTrouble(code, said);
  return ofMessage.has(code) ? { kind: "refused", reason: trouble.reason } : trouble;
}
