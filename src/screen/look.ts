/** What a terminal can show, by what it says of itself. */

/** How lines become text for one terminal. */
export interface Look {
  /** Colors and weights. */
  readonly color: boolean;
  /** Signs beyond ASCII. */
  readonly unicode: boolean;
}

/** As much of the surroundings as says what a terminal can do. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

/** `NO_COLOR` and the locale, as programs of terminals read them. */
export function lookOf({ env, platform }: Surroundings): Look {
  const { LANG, LC_ALL, LC_CTYPE, NO_COLOR } = env;
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return {
    color: NO_COLOR === undefined || NO_COLOR === "",
    unicode: platform === "win32" || /utf-?8/i.test(locale),
  };
}

/** True where a screen can be drawn and keys be read: both ends are a terminal that has a cursor. */
export function canDraw(
  stdin: { readonly isTTY?: boolean },
  stdout: { readonly isTTY?: boolean },
  { env, platform }: Surroundings,
): boolean {
  const { TERM = "" } = env;
  const hasCursor = platform === "win32" || !["", "dumb", "unknown"].includes(TERM);
  return stdin.isTTY === true && stdout.isTTY === true && hasCursor;
}
