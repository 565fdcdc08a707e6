/**
 * Payloads of Sparkplug B, for profiles. A gateway reads Sparkplug's topics without one: what only
 * births say, such as names, is not in a single message.
 */
import type { BytesCodec, Decoded } from "./codec.ts";
import { readPayload } from "./sparkplug/payload.ts";
import { plainMetric } from "./sparkplug/plain-metric.ts";
import { PlainWriter } from "./sparkplug/plain-writer.ts";

export const sparkplug: BytesCodec = {
  name: "sparkplug",
  about: "payloads of Sparkplug B; times are ms",
  reads: "bytes",
  decode(bytes): Decoded {
    const payload = readPayload(bytes);
    if ("problem" in payload)
      return { ok: false, reason: `no Sparkplug payload: ${payload.problem}` };
    const { metrics, seq, timestamp } = payload;
    if (metrics.length === 0 && timestamp === undefined && seq === undefined)
      return { ok: false, reason: "nothing of a Sparkplug payload is in it" };
    const writer = new PlainWriter();
    const value = {
      ...(timestamp !== undefined && { timestamp: writer.scalar(timestamp) }),
      ...(seq !== undefined && { seq: writer.scalar(seq) }),
      metrics: metrics.map((metric) => plainMetric(metric, writer)),
    };
    return { ok: true, value, ...writer.notes() };
  },
  example: {
    payload: "0880b8cefba13412160a0454656d7010031880b8cefba1342009653333ab411801",
    value: {
      timestamp: 1795824000000,
      seq: 1,
      metrics: [{ name: "Temp", alias: 3, timestamp: 1795824000000, type: "Float", value: 21.4 }],
    },
  },
};
