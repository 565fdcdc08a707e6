import type { BytesCodec } from "./codec.ts";
import { maxLines, ReadLines } from "./lines.ts";
import { listReading } from "./sml-list.ts";
import { SmlProblem, SmlReader, type SmlValue } from "./sml-reader.ts";
import { hasChecksum, withoutTransport } from "./sml-transport.ts";
import { wholeNumber } from "./sml-values.ts";

const getListResponse = 0x0701;

/**
 * SML of German meters, with its transport or without. A list, with a member for each GetList response;
 * `power` is what the meter takes, negative where it feeds in; `values` and `units` have OBIS codes as keys. What else is in the messages is checked and passed over.
 */
export const sml: BytesCodec = {
  name: "sml",
  about: "SML of electricity meters, with checksum; a list, with a member for each meter",
  reads: "bytes",
  decode(bytes) {
    const inner = withoutTransport(bytes);
    if (typeof inner === "string") return { ok: false, reason: inner };
    const read = new ReadLines();
    const reader = new SmlReader(inner);
    // What fills the transport up to four bytes looks like ends of messages.
    while (reader.at < inner.length && inner[reader.at] !== 0) {
      const start = reader.at;
      const message = reader.next();
      if (message instanceof SmlProblem) return { ok: false, reason: message.reason };
      if (read.values.length === maxLines) return { ok: false, reason: "too many responses" };
      const problem = inner === bytes ? checksumProblem(inner, start, reader.at) : undefined;
      if (problem !== undefined) return { ok: false, reason: problem };
      const reading = listReading(responseIn(message), read);
      if (reading !== undefined) read.values.push(reading);
    }
    return read.decoded("no message of the payload is a list of values");
  },
  example: {
    payload:
      "760201620062007263070177010b0a01454d480000a1bd3401017177070100010800ff0101621e52ff6302fe0101016326a800",
    value: [
      {
        meter: "1EMH0010599732",
        time: null,
        power: null,
        values: { "1.8.0": 76.6 },
        units: { "1.8.0": "Wh" },
      },
    ],
  },
};

/** The members of a GetList response; none of another message. */
function responseIn(message: SmlValue): readonly SmlValue[] {
  const body = message.kind === "list" ? message.members[3] : undefined;
  const [tag, response] = body?.kind === "list" ? body.members : [];
  if (wholeNumber(tag) !== getListResponse || response?.kind !== "list") return [];
  return response.members;
}

/** Without transport each message answers for itself: by two bytes in front of its last one. */
function checksumProblem(bytes: Uint8Array, from: number, to: number): string | undefined {
  const [head, first = 0, second = 0] = bytes.subarray(to - 4, to - 1);
  const body = bytes.subarray(from, to - 4);
  if (head === 0x63 && (hasChecksum(body, first, second) || hasChecksum(body, second, first)))
    return undefined;
  return `the checksum of the message at byte ${from} does not fit`;
}
