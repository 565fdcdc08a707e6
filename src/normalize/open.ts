/**
 * What is inside the outer message: a text in base64 or hex, or JSON in a text, is decoded and put
 * where the text was, so that paths lead into it.
 */
import type { EpochMs } from "../core/clock.ts";
import type { Codec, Decoded } from "./codecs/codec.ts";
import { decode } from "./decode.ts";
import { bytesOfBase64, bytesOfHex } from "./inner-bytes.ts";
import type { Path } from "./paths/path.ts";
import { rewritePath } from "./paths/rewrite-path.ts";

export const encodings = ["text", "base64", "hex"] as const;
export type Encoding = (typeof encodings)[number];

/** Texts at one path that are opened. */
export interface OpenStage {
  /** With `*`, each is opened by itself, and one that cannot be is only a misfit. */
  readonly path: Path;
  readonly encoding: Encoding;
  readonly codec: Codec;
}

/** Opens one stage after the other: a later one may lead into what an earlier one has opened. */
export function openInner(
  outer: Decoded,
  stages: readonly OpenStage[],
  receivedMs: EpochMs,
): Decoded {
  if (!outer.ok) return outer;
  const misfits = [...(outer.misfits ?? [])];
  const bigNumbers = new Set(outer.bigNumbers);
  const failures = new Set(outer.failures);
  let { value } = outer;
  for (const stage of stages) {
    let problem: string | undefined;
    value = rewritePath(stage.path, value, (text) => {
      const inner = openText(text, stage, receivedMs);
      if (!inner.ok) {
        problem = `${stage.path.text}: ${inner.reason}`;
        misfits.push(problem);
        return text;
      }
      misfits.push(...(inner.misfits ?? []));
      for (const number of inner.bigNumbers ?? []) bigNumbers.add(number);
      for (const failure of inner.failures ?? []) failures.add(failure);
      return inner.value;
    });
    if (problem !== undefined && stage.path.wildcard === "none")
      return { ok: false, reason: problem };
  }
  return {
    ok: true,
    value,
    ...(misfits.length > 0 && { misfits }),
    ...(bigNumbers.size > 0 && { bigNumbers }),
    ...(failures.size > 0 && { failures }),
  };
}

function openText(value: unknown, { codec, encoding }: OpenStage, receivedMs: EpochMs): Decoded {
  if (value === null || value === "") return { ok: true, value };
  if (typeof value !== "string") return { ok: false, reason: "there is no text to open" };
  const bytes = bytesOf(value, encoding);
  if (bytes === undefined) return { ok: false, reason: `the text is not ${encoding}` };
  return decode(codec, bytes, receivedMs);
}

function bytesOf(text: string, encoding: Encoding): Uint8Array | undefined {
  switch (encoding) {
    case "text":
      return Buffer.from(text);
    case "base64":
      return bytesOfBase64(text);
    case "hex":
      return bytesOfHex(text);
  }
}
