/**
 * The text of a bundle without letters beyond ASCII: with one of them in it, a file takes twice the memory as
 * long as the program runs. Only expressions have such letters still; everywhere else they are escaped.
 */
export function asciiOnly(text: string): string {
  return text.replaceAll(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
