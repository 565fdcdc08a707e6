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
export function obisKey(code: ObisCode): string {
  const { channel, medium } = code;
  const isOwn = medium === undefined || (Number(medium) <= 1 && Number(channel) <= 1);
  return isOwn ? plainKey(code) : wholeKey(code);
}

/** The same with medium and channel, whichever they are. */
export function wholeKey(code: ObisCode): string {
  return `${code.medium}-${code.channel}:${plainKey(code)}`;
}

/** Of all tariffs together: some meters write 255 where the standard has 0, or of what is now nothing. */
function plainKey({ period, quantity }: ObisCode): string {
  const total = /^(?:96|97)\./.test(quantity)
    ? quantity
    : quantity.replace(/^(\d\d?\.\d{1,2})\.255$/, "$1.0").replace(/^\d\d\.7$/, "$&.0");
  const behind = period === undefined || period === "255" ? "" : `*${period}`;
  return `${total}${behind}`;
}

/** What a meter writes into brackets: `000123.456*kWh`. */
export interface MeterValue {
  readonly value: number;
  readonly unit: string | undefined;
}

/** The number in brackets with its unit; undefined for anything else. A unit may be announced and left out. */
export function meterValue(text: string): MeterValue | undefined {
  const match = /^([-+]?\d{1,15}(?:\.\d{1,12})?)(?:\*([A-Za-z0-9/%]{0,8}))?$/.exec(text);
  return match === null ? undefined : { value: Number(match[1]), unit: match[2] || undefined };
}

/** Names of meters in hex, as many write them: the text they mean, or the digits where they mean none. */
export function meterName(text: string): string | null {
  if (text === "") return null;
  if (!/^(?:[0-9A-Fa-f]{2}){4,64}$/.test(text)) return text;
  return textInHex(text, /^[\x21-\x7e]+$/) ?? text;
}

/** What a meter shows to people, up to 1,024 characters in hex (DSMR P1); as it stands where it is no text. */
export function meterMessage(text: string): string | null {
  if (text === "") return null;
  const meant = text.length % 2 === 0 && /^[0-9A-Fa-f]{2,2048}$/.test(text);
  return (meant && textInHex(text, /^[\x20-\x7e\xa0-\xff\r\n]+$/)) || text;
}

function textInHex(digits: string, form: RegExp): string | undefined {
  const text = Buffer.from(digits, "hex").toString("latin1");
  return form.test(text) ? text : undefined;
}
