/**
 * The number that a person meant by a text: with a decimal comma, a unit, a sign of comparison, quotes or
 * a minus from a word processor. Undefined where it may be another one: `1,500` is two numbers.
 */
export function numberInText(text: string): string | undefined {
  const bare = text
    .slice(0, 60)
    .replace(/[\u2212\u2013]/g, "-")
    .replace(/["'\u201c\u201d\u201e\u2018\u2019\s]/g, "")
    .replace(/^[<>=\u2264\u2265]{1,2}/, "");
  const match =
    /^([-+]?\d{1,15})(?:[.,](\d{1,15}))?(?:[\u00b0%\p{L}][\u00b0%\p{L}\p{N}/]{0,12})?$/u.exec(bare);
  const [, whole, decimals] = match ?? [];
  if (whole === undefined || (bare.includes(",") && decimals?.length === 3)) return undefined;
  return decimals === undefined ? whole : `${whole}.${decimals}`;
}
