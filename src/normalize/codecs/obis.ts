/**
 * OBIS codes (IEC 62056-61) as keys of a value: `1.8.0` of the meter itself, everything else whole, such as
 * `0-2:24.2.1` of another medium or channel and `1.8.0*96` of an earlier period.
 */

/** The parts of a code; those that meters leave out are undefined. */
export interface ObisCode {
  readonly medium: string | undefined;
  readonly channel: string | undefined;
  /** `1.8.0`, `F.F`, `6.8`. */
  readonly quantity: string;
  /** Behind `*` or `&`. */
  readonly period: string | undefined;
}

/** Takes a code apart as texts write it. */
export function parseObis(text: string): ObisCode | undefined {
  const match =
    /^(?:(\d{1,3})-(\d{1,3}):)?([0-9A-Za-z]{1,3}(?:\.[0-9A-Za-z]{1,3}){1,2})(?:[*&](\d{1,3}))?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, medium, channel, quantity = "", period] = match;
  return { medium, channel, quantity, period };
}

/** The key that the code has in a value. */
export function obisKey({ channel, medium, period, quantity }: ObisCode): string {
  const behind = period === undefined || period === "255" ? "" : `*${period}`;
  const isOwn = medium === undefined || (Number(medium) <= 1 && Number(channel) <= 1);
  return isOwn ? `${quantity}${behind}` : `${medium}-${channel}:${quantity}${behind}`;
}

/** What a meter writes into brackets: `000123.456*kWh`. */
export interface MeterValue {
  readonly value: number;
  readonly unit: string | undefined;
}

/** The number in brackets with its unit; undefined for anything else. */
export function meterValue(text: string): MeterValue | undefined {
  const match = /^([-+]?\d{1,15}(?:\.\d{1,12})?)(?:\*([A-Za-z0-9/%]{1,8}))?$/.exec(text);
  return match === null ? undefined : { value: Number(match[1]), unit: match[2] };
}

/** Names of meters in hex, as many write them: the text they mean, or the digits where they mean none. */
export function meterName(text: string): string | null {
  if (text === "") return null;
  if (!/^(?:[0-9A-Fa-f]{2}){4,64}$/.test(text)) return text;
  const meant = Buffer.from(text, "hex").toString("latin1");
  return /^[\x21-\x7e]+$/.test(meant) ? meant : text;
}
