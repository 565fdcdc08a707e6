/** Our own signs for terminals that know ASCII only. */
import { signsOf } from "./text-width.ts";

const ours: Readonly<Record<string, string>> = {
  "…": "~",
  "·": "-",
  "→": "->",
  "▲": "!",
  "▽": "v",
  "◆": "*",
  "✓": "ok",
  "✗": "x",
  "✂": "x",
  "⚡": "!",
  "⚯": "=",
  "°": "",
  "▁": ".",
  "▂": ".",
  "▃": "-",
  "▄": "-",
  "▅": "=",
  "▆": "=",
  "▇": "#",
  "█": "#",
};

/** The same in ASCII: what has no likeness there is a question mark. */
export function toAscii(text: string): string {
  let said = "";
  for (const sign of signsOf(text))
    said += /^[\x20-\x7e]$/.test(sign.text) ? sign.text : (ours[sign.text] ?? "?");
  return said;
}
