/**
 * What JetStream answers to a publish. Nearly all answers are `{"stream":"GW_gw1", "seq":1234}`;
 * those are read from the bytes, since parsing JSON costs more than all the rest of the publish.
 */

import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { errorCodeOfApi } from "../stream/stream-error.ts";

const digit0 = 0x30;
const digit9 = 0x39;
const colon = 0x3a;
const letterS = 0x73;
const brace = 0x7d;

/** The stream sequence of a plain acknowledgement; 0 when the answer is anything else. */
export function ackedSequence(body: Uint8Array): number {
  // `{"s…` begins an acknowledgement, `{"e…` an error.
  if (body[2] !== letterS || body[body.length - 1] !== brace) return 0;
  let sequence = 0;
  let scale = 1;
  for (let at = body.length - 2; at > 0; at -= 1) {
    const byte = body[at] ?? 0;
    if (byte === colon) return sequence;
    if (byte < digit0 || byte > digit9) return 0;
    sequence += (byte - digit0) * scale;
    scale *= 10;
  }
  return 0;
}

/**
 * The rarer answers: an acknowledgement with more in it gives its sequence, all others a failure.
 * `statusCode` is that of the answer's headers, 0 without.
 */
export function parsePubAck(body: Uint8Array, statusCode: number): number | GatewayError {
  if (statusCode === 503) {
    return new GatewayError(
      "stream.no-responders",
      "nobody takes what was published; is JetStream on, and does the stream exist?",
    );
  }
  const answer = parseAnswer(body);
  const sequence = answer?.["seq"];
  const error = answer?.["error"];
  if (isObject(error)) return refusalOf(error);
  if (typeof sequence === "number" && sequence > 0) return sequence;
  return new GatewayError("stream.unavailable", "the answer to a publish is no acknowledgement");
}

/** The failure that the member `error` of an answer tells. */
export function refusalOf(error: Record<string, unknown>): GatewayError {
  const code = Number(error["err_code"]);
  return new GatewayError(
    errorCodeOfApi(code),
    `the stream refused a publish: ${String(error["description"])} (${code})`,
  );
}

/** The members of an answer; undefined where it is no object of JSON. */
export function parseAnswer(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
