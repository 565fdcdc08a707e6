/** Patterns for names: `*` stands for any characters, `?` for one, everything else for itself. */

/** A longer pattern is none: the work is at most as many steps as pattern times name. */
export const maxGlobLength = 256;

/** True for a name that the whole pattern fits; false for every name where the pattern is too long. */
export function matchesGlob(glob: string, name: string): boolean {
  if (glob.length > maxGlobLength) return false;
  let at = 0;
  let place = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const sign = glob[place];
    if (sign === "*") {
      star = place;
      starAt = at;
      place += 1;
    } else if (sign === "?") {
      at += characterLength(name, at);
      place += 1;
    } else if (sign === name[at]) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      // Only the last star can be of use: those before it already took the least they could.
      starAt += characterLength(name, starAt);
      at = starAt;
      place = star + 1;
    } else return false;
  }
  while (glob[place] === "*") place += 1;
  return place === glob.length;
}

/** Characters above U+FFFF take two places. */
function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
