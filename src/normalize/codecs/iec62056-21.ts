import type { BytesCodec } from "./codec.ts";
import { parseReadout } from "./d0-readout.ts";
import { maxLines, ReadLines } from "./lines.ts";
import { meterValue, obisKey, parseObis } from "./obis.ts";
import { recordOf } from "./record-of.ts";

/** What stays a text whatever its digits: names, faults, versions, clocks. */
const words = /^(?:0\.[0-9](?:\.|$)|C\.|F(?:\.|$)|96\.1\.)/;

/**
 * The read-out of a meter through its optical port (D0). `values` and `units` have the codes as the meter
 * writes them as keys; what stands in further brackets, such as times, is under `lists`, what was at the
 * last due dates (`1.8.0*62`) under `earlier`.
 */
export const iec62056: BytesCodec = {
  name: "iec62056-21",
  about: "read-outs of meters by IEC 62056-21 (D0), checksum where there is one",
  reads: "bytes",
  decode(bytes) {
    const readout = parseReadout(bytes);
    if (typeof readout === "string") return { ok: false, reason: readout };
    const read = new ReadLines();
    const values: [string, unknown][] = [];
    const units: [string, unknown][] = [];
    const lists: [string, unknown][] = [];
    const earlier: [string, unknown][] = [];
    const sets = dataSets(readout.data, read);
    const addresses = new Set(sets.map(({ address }) => address));
    for (const { address, groups } of sets) {
      const code = parseObis(currentOf(address, addresses));
      const key = code === undefined ? address : obisKey(code);
      const [first = "", ...more] = groups;
      const found = words.test(key) ? undefined : meterValue(first.trim());
      const value = found?.value ?? (first.trim() === "" ? null : first.trim());
      (key.includes("*") ? earlier : values).push([key, value]);
      if (found?.unit !== undefined) units.push([key, found.unit]);
      if (more.length > 0) lists.push([key, more]);
    }
    if (values.length + earlier.length === 0)
      return { ok: false, reason: "no data set is in the read-out" };
    return read.decodedAs({
      identification: readout.identification === "" ? null : readout.identification,
      values: recordOf(values, read),
      units: recordOf(units, read),
      lists: recordOf(lists, read),
      earlier: recordOf(earlier, read),
    });
  },
  example: {
    payload: Buffer.from(
      "/ESY5Q3\r\n\r\n1-0:1.8.0*255(00052.78*kWh)\r\n0.0.0(0012)\r\n!\r\n",
    ).toString("hex"),
    value: {
      identification: "ESY5Q3",
      values: { "1.8.0": 52.78, "0.0.0": "0012" },
      units: { "1.8.0": "kWh" },
      lists: {},
      earlier: {},
    },
  },
};

/** `1.8.0*00` is the register itself where no other has the code: others count what was before by such numbers. */
function currentOf(address: string, addresses: ReadonlySet<string>): string {
  const bare = address.replace(/[*&]00?$/, "");
  return addresses.has(bare) ? address : bare;
}

interface DataSet {
  readonly address: string;
  readonly groups: readonly string[];
}

/** Several may stand in a line: `6.8(0006047*MWh)6.26(00428.35*m3)`. */
function dataSets(data: string, read: ReadLines): readonly DataSet[] {
  const found: { readonly address: string; readonly groups: string[] }[] = [];
  let at = 0;
  while (at < data.length && found.length < maxLines) {
    const open = data.indexOf("(", at);
    const close = open === -1 ? -1 : data.indexOf(")", open);
    const address = data.slice(at, open === -1 ? data.length : open).trim();
    if (close === -1) {
      if (address !== "") read.misfit("a data set has no end", address);
      break;
    }
    const last = found.at(-1);
    const value = data.slice(open + 1, close);
    if (address !== "" && /^[\x21-\x7e]{1,24}$/.test(address))
      found.push({ address, groups: [value] });
    else if (address === "" && last !== undefined) last.groups.push(value);
    else read.misfit("a data set has no address", address);
    at = close + 1;
  }
  return found;
}
