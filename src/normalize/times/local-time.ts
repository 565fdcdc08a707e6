/** The date and time of a clock on a wall, before anybody knows in which zone the wall is. */

/**
 * As milliseconds of 1970 as if the wall were in UTC; undefined for a date or a time that no wall
 * shows. A leap second is the first moment of the next minute. A part that is not a number is -1.
 */
export function localMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): number | undefined {
  if (year < 0 || !(month >= 1 && month <= 12) || !(day >= 1 && day <= daysIn(year, month)))
    return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** The number that the digits in [from, to) write; -1 when one of them is not a digit. */
export function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    if (!isDigit(text, at)) return -1;
    value = value * 10 + text.charCodeAt(at) - 48;
  }
  return value;
}

export function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
