import { bareNumber } from "./bare-number.ts";
import type { BytesCodec, Decoded } from "./codec.ts";
import { ReadLines } from "./lines.ts";
import { recordOf } from "./record-of.ts";
import { textFields } from "./ve-direct-fields.ts";

/** Names, versions and flags, whatever their digits. */
const words = new Set(["PID", "FW", "FWE", "SER#", "BMV", "OR", "AR", "WARN"]);

/** Blocks of text that Victron's devices send each second; an object, with the labels as keys. */
export const veDirect: BytesCodec = {
  name: "ve-direct",
  about: "blocks of Victron's VE.Direct text protocol, with checksum",
  reads: "bytes",
  decode(bytes): Decoded {
    const fields = textFields(bytes);
    if (typeof fields === "string") return { ok: false, reason: fields };
    const read = new ReadLines();
    const entries = fields.map(([label, written]) => [label, meaningOf(label, written)] as const);
    return read.decodedAs(recordOf(entries, read));
  },
  example: {
    payload: Buffer.from("\r\nV\t12800\r\nI\t-20\r\nTTG\t---\r\nChecksum\t\xae", "latin1").toString(
      "hex",
    ),
    value: { V: 12_800, I: -20, TTG: null },
  },
};

function meaningOf(label: string, written: string): unknown {
  if (written === "" || written === "---") return null;
  return words.has(label) ? written : (bareNumber(written) ?? written);
}
