/** One message of Sparkplug B. */
import { gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { type Metric, readMetric } from "./metric.ts";
import { ProtobufReader, type Varint, wireTypes } from "./protobuf-reader.ts";

export interface Payload {
  readonly timestamp: Varint | undefined;
  readonly seq: Varint | undefined;
  readonly metrics: readonly Metric[];
}

/** Metrics, cells and properties of one payload together. */
const mostObjects = 131_072;
/** Of one that came compressed. */
const mostBytes = 2 ** 20;
const compressed = "SPBV1.0_COMPRESSED";

/** Never throws. */
export function readPayload(bytes: Uint8Array): Payload | { readonly problem: string } {
  const outer = readPlain(bytes);
  if ("problem" in outer || outer.uuid !== compressed || outer.body === undefined) return outer;
  const expanded = expand(outer.body);
  if (expanded === undefined)
    return { problem: `what is compressed in it cannot be expanded to at most ${mostBytes} bytes` };
  const inner = readPlain(expanded);
  if ("problem" in inner) return inner;
  // Some encoders number and time only what is around it.
  const { seq = outer.seq, timestamp = outer.timestamp } = inner;
  return { ...inner, seq, timestamp };
}

interface PlainPayload extends Payload {
  readonly uuid: string | undefined;
  readonly body: Uint8Array | undefined;
}

function readPlain(bytes: Uint8Array): PlainPayload | { readonly problem: string } {
  const reader = ProtobufReader.of(bytes, mostObjects);
  let timestamp: Varint | undefined;
  let seq: Varint | undefined;
  let uuid: string | undefined;
  let body: Uint8Array | undefined;
  const metrics: Metric[] = [];
  while (reader.next()) {
    const { field, wireType } = reader;
    if (wireType === wireTypes.varint && field === 1) timestamp = reader.varint();
    else if (wireType === wireTypes.varint && field === 3) seq = reader.varint();
    else if (wireType === wireTypes.bytes && field === 2 && reader.counts())
      metrics.push(readMetric(reader.inner()));
    else if (wireType === wireTypes.bytes && field === 4) uuid = reader.text();
    else if (wireType === wireTypes.bytes && field === 5) body = reader.bytes();
    else reader.skip();
  }
  const { problem } = reader;
  return problem === undefined ? { timestamp, seq, uuid, body, metrics } : { problem };
}

/** By what its first bytes say of it; the metric `algorithm` beside it says the same. */
function expand(body: Uint8Array): Uint8Array | undefined {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  for (const read of isGzip ? [gunzipSync] : [inflateSync, inflateRawSync]) {
    try {
      return read(body, { maxOutputLength: mostBytes });
    } catch {
      // The next one may read it.
    }
  }
  return undefined;
}
