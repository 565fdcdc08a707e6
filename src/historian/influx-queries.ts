/** What is asked of InfluxDB beside writes: the one door of its client library. */
import { escape as escaped, InfluxDB } from "influx";
import { GatewayError } from "../core/errors.ts";
import { maskSecrets } from "../core/mask-secrets.ts";

/** Where it is asked. A token goes as the password, as 2.x and 3.x take it from clients of 1.x. */
export interface QueryTarget {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly ca: Uint8Array | undefined;
  readonly timeoutMs: number;
}

/** A retention policy as the server tells of it. */
export interface RetentionPolicy {
  readonly name: string;
  /** `720h0m0s`; `0s` for ever. */
  readonly duration: string;
}

export interface InfluxQueries {
  createDatabase(): Promise<void>;
  policies(): Promise<readonly RetentionPolicy[]>;
  createPolicy(name: string, keepMs: number): Promise<void>;
  /** As a query names it, in the policy that is written to. */
  measurement(name: string): string;
  /** Rows of a query, as plain values by column and tag; times in ISO 8601 with nanoseconds. */
  rows(influxQl: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A text as a literal of InfluxQL. */
export const influxQlText = (text: string): string => escaped.stringLit(text);

/** All reject with `database.unavailable`, or with `database.unauthorized`. */
export function createInfluxQueries(
  target: QueryTarget,
  database: string,
  policy: string | undefined,
): InfluxQueries {
  const { ca, password, timeoutMs, url, username } = target;
  const { hostname, pathname, port, protocol } = new URL(url);
  const secure = protocol === "https:";
  const client = new InfluxDB({
    database,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    hosts: [
      {
        host: hostname,
        port: Number(port || (secure ? 443 : 80)),
        path: pathname === "/" ? "" : pathname.replace(/\/$/, ""),
        protocol: secure ? "https" : "http",
        options: ca ? { ca: Buffer.from(ca) } : {},
      },
    ],
    pool: { requestTimeout: timeoutMs, maxRetries: 0 },
  });

  const ask = async <T>(tried: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (thrown) {
      const said = thrown instanceof Error ? thrown.message : String(thrown);
      const refused = /\b40[13]\b|not authorized|authorization failed|requires admin/i.test(said);
      throw new GatewayError(
        refused ? "database.unauthorized" : "database.unavailable",
        `cannot ${tried} ${database} at ${url}: ${maskSecrets(said)}`,
        { cause: thrown },
      );
    }
  };

  return {
    createDatabase: () => ask("make database", () => client.createDatabase(database)),
    policies: () =>
      ask("read the retention policies of", () => client.showRetentionPolicies(database)),
    createPolicy: (name, keepMs) =>
      ask(`make retention policy ${name} in`, () =>
        client.createRetentionPolicy(name, {
          database,
          duration: `${Math.round(keepMs / 1_000)}s`,
          replication: 1,
          isDefault: false,
        }),
      ),
    measurement: (name) => (policy === undefined ? `"${name}"` : `"${policy}"."${name}"`),
    async rows(influxQl) {
      const rows = await ask("query", () => client.query<Record<string, unknown>>(influxQl));
      return rows.map(plainRow);
    },
  };
}

/** The client makes dates of times. */
function plainRow(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { time } = row;
  const isMoment = time instanceof Date && "toNanoISOString" in time;
  if (!isMoment || typeof time.toNanoISOString !== "function") return row;
  return { ...row, time: String(time.toNanoISOString()) };
}
