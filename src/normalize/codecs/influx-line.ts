import type { TextCodec } from "./codec.ts";
import { type Point, readPoint } from "./influx-point.ts";
import { ReadLines } from "./lines.ts";

/** A list of points. Times keep their digits as texts: nanoseconds are more than a number holds. */
export const influxLine: TextCodec = {
  name: "influx-line",
  about: "InfluxDB line protocol, as Telegraf sends it; a list of points",
  reads: "text",
  decode(text) {
    const read = new ReadLines();
    for (let at = 0; at < text.length && !read.isFull; ) {
      const start = at;
      if (text[at] === "\n" || text[at] === "\r" || text[at] === " ") {
        at += 1;
        continue;
      }
      const point: Point | string = text[at] === "#" ? "" : readPoint(text, at, read);
      if (typeof point !== "string") {
        read.values.push(point.value);
        at = point.end;
        continue;
      }
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end + 1;
      if (point !== "") read.misfit(point, text.slice(start, at).trim());
    }
    return read.decoded("no point is in the payload");
  },
  example: {
    payload: 'cpu,host=gw idle=93.2,cores=4i,mode="eco" 1795824000000000000',
    value: [
      {
        measurement: "cpu",
        tags: { host: "gw" },
        fields: { idle: 93.2, cores: 4, mode: "eco" },
        time: "1795824000000000000",
      },
    ],
  },
};
