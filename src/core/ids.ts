/** Branded identifiers: strings and numbers that must not be mixed up. */

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** A site: a plant, a shop, a mountain. The unit that a rule processor owns as a whole. */
export type SiteId = Branded<string, "SiteId">;
/** A gateway; unique over all sites, since its stream is named after it. */
export type GatewayId = Branded<string, "GatewayId">;
/** A device, unique within its gateway. Free text up to 128 characters, escaped on the wire. */
export type DeviceId = Branded<string, "DeviceId">;
/** One start of a gateway process: 8 random base36 characters. */
export type RunId = Branded<string, "RunId">;
/** A record's number in a gateway's log: 1, 2, 3, ... over all runs, never used twice. */
export type Seq = Branded<number, "Seq">;
/** A message's number in a JetStream stream. */
export type StreamSeq = Branded<number, "StreamSeq">;
/** `<gateway>.<run>.<seq>`: given once, when the record is appended, and never changed. */
export type EventId = Branded<string, "EventId">;

const idPattern = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/**
 * True for text that can name a site, gateway or device: 1 to 128 characters, none of control, no half
 * of one that UTF-8 cannot write.
 */
export function isId(text: string): boolean {
  return idPattern.test(text);
}

export const toSiteId = (text: string): SiteId => text as SiteId;
export const toGatewayId = (text: string): GatewayId => text as GatewayId;
export const toDeviceId = (text: string): DeviceId => text as DeviceId;
export const toRunId = (text: string): RunId => text as RunId;
export const toSeq = (value: number): Seq => value as Seq;
export const toStreamSeq = (value: number): StreamSeq => value as StreamSeq;

/** The id of the event in record `seq` of a run. */
export function eventIdOf(gateway: GatewayId, run: RunId, seq: Seq): EventId {
  return `${gateway}.${run}.${seq}` as EventId;
}

/** Where an event stands in its gateway's log. */
export interface LogPosition {
  readonly run: RunId;
  readonly seq: Seq;
}

/**
 * Takes an event id apart; undefined when the text is not one. The gateway's own name may contain
 * dots, so the parts are found from the end.
 */
export function parseEventId(
  text: string,
): ({ readonly gateway: GatewayId } & LogPosition) | undefined {
  const match = /^(.+)\.([0-9a-z]{8})\.([1-9][0-9]{0,15})$/.exec(text);
  if (!match) return undefined;
  const [, gateway = "", run = "", seq = ""] = match;
  // Beyond, two records would have one number.
  if (!Number.isSafeInteger(Number(seq))) return undefined;
  return { gateway: toGatewayId(gateway), run: toRunId(run), seq: toSeq(Number(seq)) };
}
