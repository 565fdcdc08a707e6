import type { BytesCodec } from "./codec.ts";
import { ReadLines } from "./lines.ts";
import { lppTypes } from "./lpp-types.ts";
import { recordOf } from "./record-of.ts";

/** Values by name and channel, as The Things Stack has them: `temperature_3`. */
export const cayenneLpp: BytesCodec = {
  name: "cayenne-lpp",
  about: "Cayenne LPP: values behind a channel and a type",
  reads: "bytes",
  decode(bytes) {
    const read = new ReadLines();
    const entries: [string, unknown][] = [];
    let at = 0;
    while (at < bytes.length) {
      const channel = bytes[at] ?? 0;
      const code = bytes[at + 1];
      const type = code === undefined ? undefined : lppTypes.get(code);
      if (type === undefined) {
        const what = code === undefined ? "a channel without a type" : `type ${code} is not known`;
        read.misfit(`${what}, at byte ${at}; what is behind cannot be read`);
        break;
      }
      const size = type.bytes === "told" ? (bytes[at + 2] ?? 1) : type.bytes;
      const value = bytes.subarray(at + 2, at + 2 + size);
      if (value.length < size) {
        read.misfit(`${type.name} of channel ${channel} has ${value.length} bytes of ${size}`);
        break;
      }
      entries.push([`${type.name}_${channel}`, type.read(value)]);
      at += 2 + Math.max(size, 1);
    }
    if (entries.length === 0) return read.decoded("payload is empty");
    return read.decodedAs(recordOf(entries, read));
  },
  example: {
    payload: "03670110056700ff",
    value: { temperature_3: 27.2, temperature_5: 25.5 },
  },
};
