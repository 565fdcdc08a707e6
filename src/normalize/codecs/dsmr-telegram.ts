/** A P1 telegram, taken apart and checked: its head, and lines of a code with brackets. */
import { checksumOf } from "../../core/checksums.ts";
import type { ReadLines } from "./lines.ts";
import { maxLines } from "./lines.ts";
import { type ObisCode, parseObis } from "./obis.ts";

export interface TelegramLine {
  readonly code: ObisCode;
  /** What stands in its brackets, one after the other. */
  readonly groups: readonly string[];
}

export interface Telegram {
  /** Behind the slash. */
  readonly identification: string;
  readonly lines: readonly TelegramLine[];
}

/** The telegram in a text, or why there is none. */
export function parseTelegram(text: string, read: ReadLines): Telegram | string {
  if (!text.startsWith("/")) return "a telegram begins with /";
  const end = text.lastIndexOf("!");
  if (end === -1) return "a telegram ends with !";
  const written = /^[0-9A-Fa-f]{0,4}$/.test(text.slice(end + 1)) ? text.slice(end + 1) : undefined;
  if (written === undefined) return "what follows the ! is no checksum";
  const problem = written === "" ? undefined : checksumProblem(text.slice(0, end + 1), written);
  if (problem !== undefined) return problem;
  const [identification = "", ...rows] = text.slice(1, end).split("\n");
  if (rows.length > maxLines) return `a telegram has at most ${maxLines} lines`;
  const lines = linesOf(rows, read);
  // DSMR 4 brought the checksum: without it, the end of the telegram is not its own.
  if (written === "" && lines.some(({ code }) => isVersion(code)))
    return "a telegram that tells its version has a checksum, and this has none";
  return { identification: identification.trim(), lines };
}

/** `1-3:0.2.8` in the Netherlands, `0-0:96.1.4` in Belgium. */
export function isVersion({ medium, quantity }: ObisCode): boolean {
  return quantity === "0.2.8" || (quantity === "96.1.4" && medium === "0");
}

/** True for what is at a channel of the M-Bus: `0-1` and above. */
export function isOfChannel({ channel, medium }: ObisCode): boolean {
  return medium === "0" && Number(channel) > 0;
}

function checksumProblem(body: string, written: string): string | undefined {
  const sumOf = (text: string): number => checksumOf("crc16-arc", Buffer.from(text, "latin1"));
  const sum = Number.parseInt(written, 16);
  // Programs that pass telegrams on may have changed the ends of lines.
  if (sum === sumOf(body) || sum === sumOf(body.replace(/\r?\n/g, "\r\n"))) return undefined;
  const right = sumOf(body).toString(16).toUpperCase().padStart(4, "0");
  return `the checksum is ${right} and not as written`;
}

function linesOf(rows: readonly string[], read: ReadLines): readonly TelegramLine[] {
  const whole: string[] = [];
  for (const row of rows) {
    const text = row.trim();
    // Of gas, DSMR 2 and 3 have the value on a line of its own.
    if (text.startsWith("(") && whole.length > 0) whole.push(`${whole.pop()}${text}`);
    else if (text !== "") whole.push(text);
  }
  return whole.flatMap((line) => {
    const open = line.indexOf("(");
    const code = open === -1 ? undefined : parseObis(line.slice(0, open));
    if (code !== undefined && line.endsWith(")"))
      return [{ code, groups: line.slice(open + 1, -1).split(")(") }];
    read.misfit("a line is not a code with brackets", line);
    return [];
  });
}
