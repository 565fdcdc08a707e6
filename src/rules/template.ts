/**
 * Text with places to fill: `{{ device.name }} is at {{ value | fixed(1) }}`.
 *
 * Paths and one filter, no loops and no code. A path that names nothing is found when the rule is
 * checked; one that a device has no answer to (a tag it lacks) becomes empty text.
 */

/** A text that was taken apart. */
export interface Template {
  readonly text: string;
  readonly parts: readonly (string | Place)[];
}

/** A place to fill. */
export interface Place {
  readonly path: string;
  /** Digits after the point, for numbers. */
  readonly digits?: number;
}

export type TemplateValue = number | boolean | string | readonly [number, number] | undefined;

/** Gives what stands behind a path. */
export type Lookup = (path: string) => TemplateValue;

const innerPattern = /^([A-Za-z_][^\s|]*)(?:\s*\|\s*fixed\(([0-9])\))?$/;

/** Takes a text apart; a text that cannot be one answers with what is wrong in it. */
export function parseTemplate(text: string): Template | { readonly wrong: string } {
  const parts: (string | Place)[] = [];
  let end = 0;
  for (;;) {
    const start = text.indexOf("{{", end);
    if (start < 0) break;
    const close = text.indexOf("}}", start + 2);
    if (close < 0) return { wrong: `"{{" is never closed; write {{ path }}` };
    const inner = text.slice(start + 2, close).trim();
    const [, path, digits] = innerPattern.exec(inner) ?? [];
    if (path === undefined)
      return {
        wrong: `"{{ ${inner} }}" is not a place; write {{ path }} or {{ path | fixed(1) }}`,
      };
    if (start > end) parts.push(text.slice(end, start));
    parts.push(digits === undefined ? { path } : { path, digits: Number(digits) });
    end = close + 2;
  }
  const rest = text.slice(end);
  if (rest !== "") parts.push(rest);
  return { text, parts };
}

/** The text with its places filled. */
export function renderTemplate({ parts }: Template, lookup: Lookup): string {
  let text = "";
  for (const part of parts)
    text += typeof part === "string" ? part : show(lookup(part.path), part.digits);
  return text;
}

function show(value: TemplateValue, digits: number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number")
    return digits === undefined ? String(Math.round(value * 1e6) / 1e6) : value.toFixed(digits);
  if (typeof value === "object") return `${show(value[0], digits)} to ${show(value[1], digits)}`;
  return String(value);
}
