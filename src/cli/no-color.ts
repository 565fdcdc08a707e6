/** Who wants no colors. */

const flag = "--no-color";

/**
 * Takes `--no-color` out of what was typed, wherever it stands before `--`, and gives the rest. All that
 * asks for no colors, also `CLICOLOR=0`, becomes `NO_COLOR`, which whatever draws looks at.
 */
export function takeNoColor(
  typed: readonly string[],
  env: Record<string, string | undefined>,
): string[] {
  const end = typed.indexOf("--");
  const isFlag = (word: string, at: number): boolean => word === flag && (end < 0 || at < end);
  if (typed.some(isFlag) || env["CLICOLOR"] === "0") env["NO_COLOR"] ??= "1";
  return typed.filter((word, at) => !isFlag(word, at));
}
