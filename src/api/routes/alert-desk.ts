/** Who answers what is asked about alerts: the hub about all, or a gateway about its own. */
import * as z from "zod";
import type { AlertFigures, AlertList, AlertListName, AlertPage } from "../shapes/alert.ts";
import type { EventMade } from "../shapes/parts.ts";

/** Which alerts are listed. */
export interface AlertWish {
  readonly list: AlertListName;
  /** A name of a site. */
  readonly site?: string | undefined;
  /** The key of a device. */
  readonly device?: string | undefined;
  readonly limit: number;
}

export type AlertVerb =
  | "ack"
  | "shelve"
  | "unshelve"
  | "reset"
  | "clear"
  | "out-of-service"
  | "in-service";

/** What somebody wants done to an alert. */
export interface AlertOrder {
  readonly verb: AlertVerb;
  readonly by: string;
  readonly reason?: string | undefined;
  /** Of `shelve`. */
  readonly forMs?: number | undefined;
  /** Of `shelve`: it ends as well when the alert is normal next. */
  readonly once?: boolean | undefined;
}

/** Who knows alerts. What cannot be done is thrown as a `RequestProblem`. */
export interface AlertQueries {
  list(wish: AlertWish): Promise<AlertList>;
  page(instance: string, signal: AbortSignal): Promise<AlertPage>;
  explain(instance: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Of so much time up to now. */
  figures(spanMs: number, signal: AbortSignal): Promise<AlertFigures>;
  act(instance: string, order: AlertOrder, signal: AbortSignal): Promise<EventMade>;
}

/** The parameters of a path that names an alert. */
export const alertInstance = z.strictObject({ instance: z.string().min(1).max(64) });
