/** What an answer over HTTP means for a letter. */
import type { EpochMs } from "../core/clock.ts";
import { maskSecrets } from "../core/mask-secrets.ts";
import { printable } from "../core/printable.ts";
import { parseRetryAfter } from "../core/retry-after.ts";
import type { HttpAnswer } from "../http-client/kept-post.ts";
import type { Delivered } from "./link.ts";

/** They speak of who asks and of the address: all events would fare alike until somebody looks. */
const needPeople = new Set([401, 402, 403, 404, 405, 407, 410, 421, 426]);
/** Too late, too early, too much: the same may be taken later. */
const laterClient = new Set([408, 425, 429]);
const mostSaid = 200;

/** RFC 9110, 10.2.3 and 15.5. Any other 4xx is about the event itself. */
export function judgeHttp({ body, retryAfter, status }: HttpAnswer, nowMs: EpochMs): Delivered {
  if (status >= 200 && status < 300) return { kind: "taken" };
  const said = printable(maskSecrets(body.trim().slice(0, mostSaid)));
  const reason = `answered ${status}${said === "" ? "" : `: ${said}`}`;
  const isLater = laterClient.has(status) || status >= 500;
  if (status >= 400 && !isLater && !needPeople.has(status)) return { kind: "refused", reason };
  const restMs = isLater ? parseRetryAfter(retryAfter ?? null, nowMs) : undefined;
  return { kind: "trouble", reason, needsPeople: !isLater, restMs };
}
