/** What an answer over HTTP means for a notice. */
import type { Clock, EpochMs } from "../core/clock.ts";
import { maskSecrets } from "../core/mask-secrets.ts";
import { printable } from "../core/printable.ts";
import { parseRetryAfter } from "../core/retry-after.ts";
import type { Answered } from "./http-post.ts";
import type { Delivery } from "./receiver.ts";
import { shorten } from "./shorten.ts";

/** They judge what was sent, and the same will never be taken. */
const refusals = new Set([400, 409, 413, 415, 422]);
/** They say that nothing is taken from us under this address. */
const misconfigurations = new Set([401, 402, 403, 404, 405, 407, 410, 421, 426]);
/** Rest after 429 where no other is asked for. */
const shortRestMs = 500;
/** A receiver is left alone for so long at most, whatever it asks for. */
const longestRestMs = 15 * 60_000;

/** So much of what was answered is told to people. */
const mostSaid = 200;

/** What became of a POST; where its body was read, the reason says what stood in it. */
export function judgeAnswered(answered: Answered, clock: Pick<Clock, "wallMs">): Delivery {
  if (answered.kind === "failed") return answered;
  const { body, retryAfter, status } = answered;
  const judged = judgeAnswer(status, retryAfter, clock.wallMs());
  const isDenied = judged.kind === "delivered" && deniesSuccess(body);
  return withWords(isDenied ? { kind: "failed", reason: `answered ${status}` } : judged, body);
}

/** The same answer, with what is secret in its words covered before anything of them is cut. */
export function coverAnswer(answered: Answered, cover: (text: string) => string): Answered {
  return answered.kind === "failed"
    ? { ...answered, reason: cover(answered.reason) }
    : { ...answered, body: cover(answered.body) };
}

/** Some answer 200 whatever happened, and say in the body that it was not taken. */
function deniesSuccess(body: string): boolean {
  return (
    /^\s{0,16}\{[\s\S]{0,512}?"(?:ok|success)"\s{0,8}:\s{0,8}false\b/.test(body) ||
    /^Webhook message delivery failed/.test(body)
  );
}

/** The same, with what the other side said about it. */
export function withWords(delivery: Delivery, words: string): Delivery {
  const said = printable(maskSecrets(shorten(words.trim(), mostSaid)));
  if (delivery.kind === "delivered" || said === "") return delivery;
  return { ...delivery, reason: `${delivery.reason}: ${said}` };
}

/** `retryAfter` is the header as it came; null when there was none. RFC 9110, 10.2.3 and 15.5, 15.6. */
export function judgeAnswer(status: number, retryAfter: string | null, nowMs: EpochMs): Delivery {
  const reason = `answered ${status}`;
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (refusals.has(status)) return { kind: "refused", reason };
  if (misconfigurations.has(status) || (status >= 300 && status < 400))
    return { kind: "failed", reason, misconfigured: true };
  const askedMs = status === 429 || status === 503 ? parseRetryAfter(retryAfter, nowMs) : undefined;
  const restMs = askedMs ?? (status === 429 ? shortRestMs : undefined);
  return restMs === undefined ? { kind: "failed", reason } : rest(reason, restMs);
}

/** The receiver asks to be left alone; for how long is bounded. */
export function rest(reason: string, askedMs: number): Delivery {
  const restMs = Math.min(longestRestMs, askedMs);
  return { kind: "failed", reason: `${reason}; rest of ${restMs} ms`, restMs };
}
