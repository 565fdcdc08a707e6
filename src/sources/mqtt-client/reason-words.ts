/** What brokers mean by their codes, in words that say what to do. */

/** Return codes of MQTT 3.1.1 §3.2.2.3; a broker that does not speak 5 uses them there too. */
const oldCodes: Readonly<Record<number, string>> = {
  1: "it does not speak this version of MQTT; change `version`",
  2: "it does not take the client id; change `client_id`",
  3: "it is not ready for clients",
  4: "it refused user or password",
  5: "it let this user do nothing: not authorized",
};

/** Reason codes of MQTT 5 §2.4, those that a subscriber meets. */
const codes: Readonly<Record<number, string>> = {
  0: "it closed the connection in order",
  128: "it gave no reason",
  129: "it found a packet malformed",
  130: "it found a breach of the protocol",
  131: "it does not do this",
  132: "it does not speak MQTT 5; write version: 3.1.1",
  133: "it does not take the client id; change `client_id`",
  134: "it refused user or password",
  135: "not authorized",
  136: "it is not ready for clients",
  137: "it is busy",
  138: "it has banned this client",
  139: "it is shutting down",
  140: "it wants another way to prove who this is",
  141: "it heard nothing for longer than `keep_alive`",
  142: "another client took the session over: `client_id` is used twice",
  143: "the filter is not one that it takes",
  144: "the topic is not one that it takes",
  145: "the packet identifier is in use",
  147: "more messages were under way than it was told",
  149: "a packet was too large",
  150: "messages came too fast",
  151: "a quota is used up",
  152: "somebody there ended the connection",
  153: "the payload is not what it says it is",
  156: "use another server",
  157: "the server has moved",
  158: "it does not share subscriptions; leave `share` out",
  159: "too many connections came at once",
  160: "the time of the connection is over",
  161: "it does not number subscriptions",
  162: "it takes no wildcards in filters",
};

const takenOver = 142;

/** True where the session went to another client of the same name. */
export function isTakeOver(code: number): boolean {
  return code === takenOver;
}

/** `code` of a CONNACK, DISCONNECT or SUBACK, and what the broker itself says about it. */
export function reasonWords(code: number, text?: string): string {
  const words = codes[code] ?? oldCodes[code] ?? "it gave a reason that is not known here";
  // As much of a stranger's words as is told.
  const said = text === undefined || text === "" ? "" : `; it says "${text.slice(0, 200)}"`;
  return `${words} (code ${code})${said}`;
}
