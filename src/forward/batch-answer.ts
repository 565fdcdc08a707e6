/** What JetStream answers to messages of a batch: seldom, so it is read as JSON. */
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { parseAnswer, parsePubAck, refusalOf } from "./pub-ack.ts";

/** Places count within the batch, from 1. */
export type BatchAnswer =
  /** The first `count` messages of the batch are stored. */
  | { readonly kind: "stored"; readonly count: number }
  /** Message `at` is not stored, and none behind it will be. */
  | { readonly kind: "broken"; readonly at: number; readonly failure: GatewayError }
  /** The batch is over: `count` of its messages are stored, the last of them as `streamSeq`. */
  | { readonly kind: "ended"; readonly count: number; readonly streamSeq: number }
  /** The message whose answer this is was stored, by a server that knows nothing of batches. */
  | { readonly kind: "alone"; readonly streamSeq: number }
  /** The message whose answer this is was refused; `unfit` where every batch would be. */
  | { readonly kind: "refused"; readonly failure: GatewayError; readonly unfit: boolean };

/** Switched off for the stream, a pattern or an id that the server does not take, too many at once. */
const unfitCodes: ReadonlySet<unknown> = new Set([10_205, 10_206, 10_207, 10_211]);

/** `statusCode` is that of the answer's headers, 0 without. */
export function parseBatchAnswer(body: Uint8Array, statusCode: number): BatchAnswer {
  const answer = parseAnswer(body) ?? {};
  const { batch, count, error, seq, type } = answer;
  if (type === "ack" && isCount(seq)) return { kind: "stored", count: seq };
  if (type === "err" && isCount(seq) && isObject(error))
    return { kind: "broken", at: seq, failure: refusalOf(error) };
  if (type === "gap" && isCount(seq)) {
    const failure = new GatewayError("stream.unavailable", "a batch lost messages on its way");
    return { kind: "broken", at: seq, failure };
  }
  const ack = parsePubAck(body, statusCode);
  if (typeof ack !== "number" && isObject(error))
    return { kind: "refused", failure: ack, unfit: unfitCodes.has(error["err_code"]) };
  if (typeof batch === "string" && isCount(count) && isCount(seq))
    return { kind: "ended", count, streamSeq: seq };
  if (typeof ack === "number") return { kind: "alone", streamSeq: ack };
  return { kind: "refused", failure: ack, unfit: false };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
