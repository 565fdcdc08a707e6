/** What a database's answer to a write means. */

/** What became of the points of one write. */
export type WriteOutcome =
  | { readonly kind: "stored" }
  /** All but so many, which are older than the database keeps anything. */
  | { readonly kind: "expired"; readonly points: number }
  /** Some are refused for ever and the others stored; `points` where the answer counts them. */
  | { readonly kind: "refused"; readonly points: number | undefined; readonly reason: string }
  | { readonly kind: "too-large" }
  | { readonly kind: "no-database"; readonly reason: string }
  | WriteTrouble;

/** Nothing is known to be stored; the same may be taken later. */
export interface WriteTrouble {
  readonly kind: "trouble";
  readonly reason: string;
  /** Somebody has to change something first. */
  readonly needsPeople: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** The head and the beginning of the body of an answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

const longestRetryAfterMs = 15 * 60_000;
const mostReason = 300;
/** What InfluxDB 1.x, 2.x and 3.x say of points; anything else with 400 is about the request. */
const aboutPoints =
  /partial write|unable to parse|parse|field type conflict|line protocol|max key length|time outside/i;
const isMissing = /(database|bucket|retention policy) .*not found|not found: .*(database|bucket)/i;
/** The whole of what is said: an answer may quote a point, whose names are a stranger's. */
const beyondRetention =
  /^(?:[a-z ]+: )?partial write: points beyond retention policy dropped=(\d+)$/;

/** What the answer means; `nowMs` is for dates in it. */
export function judgeWrite(answer: HttpAnswer, nowMs: number): WriteOutcome {
  const { body, status } = answer;
  if (status >= 200 && status < 300) return { kind: "stored" };
  const reason = reasonOf(answer);
  if (status === 413) return { kind: "too-large" };
  if ((status === 404 || status === 500) && isMissing.test(reason))
    return { kind: "no-database", reason };
  if ((status === 400 || status === 422) && aboutPoints.test(body)) {
    const error = errorIn(body);
    const expired = Number(beyondRetention.exec(error)?.[1] ?? 0);
    if (expired > 0) return { kind: "expired", points: expired };
    // An answer that counts none speaks of lines that are no points at all.
    const dropped = Number(/dropped=(\d+)$/.exec(error)?.[1] ?? 0);
    return { kind: "refused", points: dropped > 0 ? dropped : undefined, reason };
  }
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  const needsPeople = status < 500 && status !== 408 && status !== 429;
  return { kind: "trouble", reason, needsPeople, retryAfterMs };
}

/** Seconds or a date, at most 15 minutes. */
function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(longestRetryAfterMs, Math.max(0, ms)) : undefined;
}

const meanings: Readonly<Record<number, string>> = {
  401: "the database refuses the credentials; set historian.username and password, or token",
  403: "the database does not let this user write; grant it the right to write",
  404: "nothing takes writes at this address; look at historian.url",
};

/** `404: database not found: "x"`; a point that is quoted back may be long. */
function reasonOf({ body, status }: HttpAnswer): string {
  const said = errorIn(body).slice(0, mostReason);
  const meaning = meanings[status];
  return `${status}${said === "" ? "" : `: ${said}`}${meaning === undefined ? "" : ` (${meaning})`}`;
}

function errorIn(body: string): string {
  const error = /"(?:error|message)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  if (error === undefined) return body.trim();
  try {
    return String(JSON.parse(error));
  } catch {
    return error;
  }
}
