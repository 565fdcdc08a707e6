/** What a publisher says of a message beside topic and payload, MQTT 5 §3.3.2.3 and §3.1.3.2. */
import { type MessageProperties, mostPropertyBytes } from "../../../core/message.ts";
import { numberAt } from "../wire-fields.ts";
import { property, walkProperties } from "./properties.ts";

export interface PublishProperties {
  /** What subscribers get, as it came; what concerns this connection or the moment is left out. */
  readonly forwarded: Buffer;
  /** What is kept with the event, within bounds; undefined where there is none of it. */
  readonly kept: MessageProperties | undefined;
  /** For so long after its receipt the message is of use to a subscriber. */
  readonly expirySeconds: number | undefined;
  /** The number that stands for the topic. */
  readonly alias: number | undefined;
  /** Of a will: so long it is to wait. */
  readonly delaySeconds: number;
  /** True when the payload is said to be UTF-8. */
  readonly isText: boolean;
}

/** Properties that are about this connection or the moment. */
const notForwarded: ReadonlySet<number> = new Set([
  property.messageExpiry,
  property.topicAlias,
  property.willDelay,
]);

/** Reads a block that was checked; undefined for an empty one. */
export function readPublishProperties(bytes: Buffer, at: number): PublishProperties | undefined {
  if (bytes[at] === 0) return undefined;
  const kept = new KeptProperties();
  const parts: Buffer[] = [];
  let partAt = -1;
  let alias: number | undefined;
  let expirySeconds: number | undefined;
  let delaySeconds = 0;
  let isText = false;
  const stop = walkProperties(bytes, at, (id, from, to) => {
    if (notForwarded.has(id)) {
      if (partAt >= 0) parts.push(bytes.subarray(partAt, from));
      partAt = -1;
    } else if (partAt < 0) partAt = from;
    if (id === property.topicAlias) alias = numberAt(bytes, from + 1);
    else if (id === property.messageExpiry) expirySeconds = bytes.readUInt32BE(from + 1);
    else if (id === property.willDelay) delaySeconds = bytes.readUInt32BE(from + 1);
    else if (id === property.payloadFormat) isText = bytes[from + 1] === 1;
    else kept.add(bytes, id, from + 1, to);
  });
  if (partAt >= 0) parts.push(bytes.subarray(partAt, stop));
  const [only = empty, ...others] = parts;
  const forwarded = others.length === 0 ? only : Buffer.concat(parts);
  return { forwarded, kept: kept.found, expirySeconds, alias, delaySeconds, isText };
}

const empty = Buffer.alloc(0);

/** Copies, since the packet does not outlive its turn. */
class KeptProperties {
  #left = mostPropertyBytes;
  #contentType: string | undefined;
  #responseTopic: string | undefined;
  #correlationData: Uint8Array | undefined;
  readonly #user: (readonly [string, string])[] = [];

  add(bytes: Buffer, id: number, from: number, to: number): void {
    this.#left -= to - from;
    if (this.#left < 0) return;
    if (id === property.contentType) this.#contentType = textAt(bytes, from);
    else if (id === property.responseTopic) this.#responseTopic = textAt(bytes, from);
    else if (id === property.correlationData)
      this.#correlationData = Uint8Array.from(bytes.subarray(from + 2, to));
    else if (id === property.userProperty) {
      const valueAt = from + 2 + numberAt(bytes, from);
      this.#user.push([textAt(bytes, from), textAt(bytes, valueAt)]);
    }
  }

  get found(): MessageProperties | undefined {
    const contentType = this.#contentType;
    const responseTopic = this.#responseTopic;
    const correlationData = this.#correlationData;
    const found: MessageProperties = {
      ...(contentType !== undefined && { contentType }),
      ...(responseTopic !== undefined && { responseTopic }),
      ...(correlationData !== undefined && { correlationData }),
      ...(this.#user.length > 0 && { user: this.#user }),
    };
    return Object.keys(found).length === 0 ? undefined : found;
  }
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString("utf8", at + 2, at + 2 + numberAt(bytes, at));
}
