import type { TextCodec } from "./codec.ts";
import { ReadLines } from "./lines.ts";
import { meaningOf } from "./nmea-meaning.ts";

/** The standard has 82; some talkers put more transducers into one. */
const maxSentenceLength = 512;

/**
 * A list of sentences. `fields` holds each as texts, by the numbers of the standard: 0 is the address.
 * A sentence without a checksum that fits is damaged and not read.
 */
export const nmea: TextCodec = {
  name: "nmea",
  about: "NMEA 0183 sentences with checksum; a list",
  reads: "text",
  decode(text, receivedMs) {
    const read = new ReadLines();
    for (const row of text.split("\n")) {
      const line = withoutTags(row.trim());
      if (line === "") continue;
      if (read.isFull) break;
      const problem = problemIn(line);
      if (problem !== undefined) {
        read.misfit(problem, line);
        continue;
      }
      const fields = bodyOf(line).split(",");
      const address = fields[0] ?? "";
      // Makers' own sentences begin with P, have no talker, and mean what their makers say.
      const isOwn = address.startsWith("P");
      const cut = isOwn ? 1 : 2;
      const sentence = address.slice(cut);
      read.values.push({
        talker: address.slice(0, cut),
        sentence,
        fields: fields.map((field) => (field === "" ? null : field)),
        ...(isOwn ? {} : meaningOf(sentence, fields, receivedMs, read)),
      });
    }
    return read.decoded("no sentence is in the payload");
  },
  example: {
    payload: "$IIXDR,C,12.3,C,ENV*0D",
    value: [
      {
        talker: "II",
        sentence: "XDR",
        fields: ["IIXDR", "C", "12.3", "C", "ENV"],
        transducers: { ENV: { type: "C", value: 12.3, unit: "C" } },
      },
    ],
  },
};

/** A block of tags may stand in front, between backslashes (NMEA 4.10). */
function withoutTags(line: string): string {
  return line.startsWith("\\") ? line.slice(line.indexOf("\\", 1) + 1) : line;
}

function problemIn(sentence: string): string | undefined {
  if (!/^[$!]/.test(sentence)) return "a sentence begins with $ or !";
  if (sentence.length > maxSentenceLength) return "a sentence is too long";
  const star = sentence.lastIndexOf("*");
  if (star === -1) return "a sentence has no checksum";
  const written = sentence.slice(star + 1);
  let sum = 0;
  for (let at = 1; at < star; at += 1) sum ^= sentence.charCodeAt(at);
  const right = sum.toString(16).toUpperCase().padStart(2, "0");
  return written.toUpperCase() === right ? undefined : `a checksum is ${right} and not as written`;
}

function bodyOf(sentence: string): string {
  return sentence.slice(1, sentence.lastIndexOf("*"));
}
