/** One database: where points are written. */
import type { Clock } from "../core/clock.ts";
import { maskSecrets } from "../core/mask-secrets.ts";
import { createKeptPost, type HttpTarget, LateAnswer } from "../http-client/kept-post.ts";
import type { PointForm } from "./event-points.ts";
import { influxPast } from "./influx-past.ts";
import { createInfluxQueries, type InfluxQueries } from "./influx-queries.ts";
import { influxTotals } from "./influx-totals.ts";
import type { HistorianOptions } from "./options.ts";
import type { AskPast } from "./past-values.ts";
import type { CountedDatabase } from "./sample-totals.ts";
import { type AskVictoria, victoriaPast } from "./victoria-past.ts";
import { judgeTimes } from "./victoria-times.ts";
import { victoriaAnswer, victoriaTotals } from "./victoria-totals.ts";
import { judgeWrite, type WriteOutcome } from "./write-outcome.ts";

/** The policy that `keep` makes. */
export const ownPolicy = "sluicegate";

/** Characters of an answer that counts devices. */
const mostCounted = 128 * 1_048_576;

/** Characters of an answer that is drawn. */
const mostOfPast = 8 * 1_048_576;

/** What the options refer to, read. */
export interface DatabaseSecrets {
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly ca: Uint8Array | undefined;
}

export interface Database {
  readonly form: PointForm;
  /** Undefined for VictoriaMetrics, which has no databases and another language. */
  readonly queries: InfluxQueries | undefined;
  /** What it holds now, to be counted. */
  counted(): CountedDatabase;
  /** What it holds of one quantity. */
  readonly past: AskPast;
  /** Never rejects. */
  write(lines: readonly string[], signal: AbortSignal): Promise<WriteOutcome>;
  close(): void;
}

export function openDatabase(
  options: HistorianOptions,
  secrets: DatabaseSecrets,
  clock: Clock,
): Database {
  const { database, keep, kind, timeout, url } = options;
  const target: HttpTarget = {
    url,
    authorization: authorizationOf(options.username, secrets),
    ca: secrets.ca,
    timeoutMs: timeout,
  };
  const http = createKeptPost(target, clock);
  const policy = keep === undefined ? undefined : ownPolicy;
  const inPolicy = policy === undefined ? "" : `&rp=${policy}`;
  const path = `/write?db=${encodeURIComponent(database)}${inPolicy}&precision=ns`;
  const asking = {
    url,
    username: secrets.token === undefined ? options.username : "token",
    password: secrets.token ?? secrets.password,
    ca: secrets.ca,
    timeoutMs: timeout,
  };
  const queries = kind === "influx" ? createInfluxQueries(asking, database, policy) : undefined;
  const askVictoria: AskVictoria = (asked, parameters, signal) =>
    victoriaAnswer(
      `cannot read history at ${url}`,
      http.post(`${asked}?${parameters}`, "", signal, { most: mostOfPast }),
    );
  return {
    form: { texts: kind === "influx" },
    queries,
    past: queries ? influxPast(queries) : victoriaPast(database, askVictoria),
    counted() {
      const nowMs = clock.wallMs();
      if (queries) return influxTotals(queries, nowMs - (keep ?? Number.POSITIVE_INFINITY));
      const { signal } = new AbortController();
      const ask = (asked: string) => http.post(asked, "", signal, { most: mostCounted });
      return victoriaTotals({ url, database, nowMs, ask });
    },
    async write(lines, signal) {
      const outside = kind === "influx" ? undefined : judgeTimes(lines, clock.wallMs());
      if (outside) return outside;
      try {
        return judgeWrite(await http.post(path, lines.join("\n"), signal), clock.wallMs());
      } catch (thrown) {
        const reason = `no answer from ${url}: ${causeOf(thrown)}`;
        const isLate = thrown instanceof LateAnswer;
        return { kind: "trouble", reason: maskSecrets(reason), needsPeople: false, isLate };
      }
    },
    close: () => http.close(),
  };
}

/** A token reads alike at 2.x and 3.x; without any the database lets everybody write. */
function authorizationOf(
  username: string | undefined,
  { password, token }: DatabaseSecrets,
): string | undefined {
  if (token !== undefined) return `Token ${token}`;
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`;
}

function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message !== "") return thrown.message;
  return "code" in thrown ? String(thrown.code) : thrown.name;
}
