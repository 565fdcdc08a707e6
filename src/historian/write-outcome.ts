/** What a database's answer to a write means. */
import type { HttpAnswer } from "../http-client/kept-post.ts";
import { databaseErrorIn } from "./answer-text.ts";

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
  /** Nothing was answered in time. */
  readonly isLate?: boolean;
}

const longestRetryAfterMs = 15 * 60_000;
const mostReason = 300;

/*
 * The patterns begin at the beginning: an answer may quote a point, whose names are a stranger's.
 * `[a-z ]+: ` are the words that InfluxDB 2.x puts in front.
 */
const isMissing =
  /^(?:(?:database|retention policy) not found|bucket ".*" not found|no dbrp mapping found)/;
const partialWrite = /^(?:[a-z ]+: )*partial write\b/;
/** 1.x, and 2.x before 2.7. */
const beyondRetention =
  /^(?:[a-z ]+: )*partial write: points beyond retention policy dropped=(\d+)$/;
/** 2.x: so many are too old; all that are not stored stand at the end. */
const outsideRetention =
  /^(?:[a-z ]+: )*partial write: dropped (\d+) points outside retention policy of .* dropped=(\d+) for database: \S+ for retention policy: \S+$/s;
/** Its retention takes the whole shard away just now. */
const shardGoes = /^(?:[a-z ]+: )*partial write: shard \d+ is pending deletion/;
const counted = /^(?:[a-z ]+: )*partial write: .* dropped=(\d+)$/s;
/** 3.x writes `partial write of line protocol occurred`. */
const aboutLines = /^(?:unable to parse|line protocol|partial write|max key length|time outside)/;
/** Some early 2.x say 500 of points that they never take. */
const saysOfPoints: ReadonlySet<number> = new Set([400, 422, 500]);

/** What the answer means; `nowMs` is for dates in it. */
export function judgeWrite(answer: HttpAnswer, nowMs: number): WriteOutcome {
  const { body, status } = answer;
  if (status === 204) return { kind: "stored" };
  if (status === 413) return { kind: "too-large" };
  const reason = reasonOf(answer);
  // Some answer so where they took a part of the points.
  if (status === 201) return { kind: "refused", points: undefined, reason };
  const error = databaseErrorIn(body) ?? "";
  if ((status === 404 || status === 500) && isMissing.test(error))
    return { kind: "no-database", reason: `${status}: ${error}` };
  const ofPoints = saysOfPoints.has(status) ? judgePoints(error, reason) : undefined;
  if (ofPoints) return ofPoints;
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  const needsPeople = status < 500 && status !== 408 && status !== 429;
  // InfluxDB 1.x answers so itself, and what stands in front of a database, too.
  const isLate = error === "timeout" || status === 408 || status === 504;
  return { kind: "trouble", reason, needsPeople, retryAfterMs, isLate };
}

/** Undefined where nothing is said of single points. */
function judgePoints(error: string, reason: string): WriteOutcome | undefined {
  if (shardGoes.test(error)) return { kind: "trouble", reason, needsPeople: false };
  const expired = Number(beyondRetention.exec(error)?.[1] ?? 0);
  if (expired > 0) return { kind: "expired", points: expired };
  const [, tooOld, all] = outsideRetention.exec(error) ?? [];
  if (tooOld !== undefined && tooOld === all) return { kind: "expired", points: Number(all) };
  if (!partialWrite.test(error) && !aboutLines.test(error)) return undefined;
  // An answer that counts none speaks of lines that are no points at all.
  const dropped = Number(counted.exec(error)?.[1] ?? 0);
  return { kind: "refused", points: dropped > 0 ? dropped : undefined, reason };
}

/** Seconds or a date, at most 15 minutes. */
function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(longestRetryAfterMs, Math.max(0, ms)) : undefined;
}

const otherServer = "databases answer a write with 204; something else answers at historian.url";
const meanings: Readonly<Record<number, string>> = {
  201: "the database took a part of the points",
  401: "the database refuses the credentials; set historian.username and password, or token",
  403: "the database does not let this user write; grant it the right to write",
  404: "nothing takes writes at this address; look at historian.url",
};

/** `401: authorization failed (...)`; a point that is quoted back may be long. */
function reasonOf({ body, status }: HttpAnswer): string {
  const said = (databaseErrorIn(body) ?? body.trim()).slice(0, mostReason);
  const meaning =
    status === 200 || (status >= 300 && status < 400) ? otherServer : meanings[status];
  return `${status}${said === "" ? "" : `: ${said}`}${meaning === undefined ? "" : ` (${meaning})`}`;
}
