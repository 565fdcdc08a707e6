/**
 * How a device is called that nobody configured: after its family, then after what its topic says.
 *
 * Two devices never have one id. A family has no hyphen, so the first one ends it. Where words of the
 * topic stand before that of the device, their own hyphens are doubled, and the next word is kept
 * from beginning with one: a single hyphen ends a word.
 */
import type { Captures } from "./topic-template.ts";

export interface Naming {
  /** Letters and digits. */
  readonly family: string;
  /** Words of the topic that tell devices of one name apart; they stand before it. */
  readonly words: readonly string[];
}

/** `tasmota-kitchen`; `tts-app1-sensor-1` with the word `application`. */
export function nameDevice({ family, words }: Naming, captures: Captures): string {
  const device = captures.get("device") ?? "";
  if (words.length === 0) return `${family}-${device}`;
  const [first = "", ...others] = words.map((word) =>
    (captures.get(word) ?? "").replace(/-/g, "--"),
  );
  return [family, first, ...[...others, device].map(beginOtherwise)].join("-");
}

/** The form of all its names; devices that were named in another way have other ids now. */
export function sayNaming({ family, words }: Naming): string {
  return [family, ...words.map((word) => `{${word}}`), "{device}"].join("-");
}

function beginOtherwise(word: string): string {
  return /^[-=]/.test(word) ? `=${word}` : word;
}
