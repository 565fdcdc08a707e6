/**
 * Templates of self-descriptions: the part of Jinja that devices use to say where in a message a
 * value is. Compiled once, when a description comes.
 *
 * Invariants
 * - Whatever the template and the message, nothing throws, and all templates of a message together
 *   do a bounded amount of work.
 * - Nothing but the message can be reached from a template.
 */
import { TemplateParser } from "./parse-template.ts";
import { openMessage, type TemplateMessage } from "./scope.ts";
import { isProblem, type Problem, splitTemplate } from "./tokens.ts";

export { isProblem, openMessage, type Problem, type TemplateMessage };

/** A template with more characters is not read. */
export const mostTemplateCharacters = 4_096;

/**
 * The value in a message: undefined where the message has none, `Failed` where it is not what the
 * template takes it for. Texts are without white space around them.
 */
export type Template = (message: TemplateMessage) => unknown;

/** Compiles a template, or says what in it is not known. */
export function compileTemplate(text: string): Template | Problem {
  if (text.length > mostTemplateCharacters)
    return { problem: `it has more than ${mostTemplateCharacters} characters` };
  const segments = splitTemplate(text);
  if (isProblem(segments)) return segments;
  const term = new TemplateParser(segments).parse();
  if (isProblem(term)) return term;
  return (message) => {
    const value = term({ message, names: new Map() });
    return typeof value === "string" ? value.trim() : value;
  };
}
