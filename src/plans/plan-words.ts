/** `{name}` in the texts of a plan. */
import type { CommandValue } from "../core/command.ts";

const word = /\{([a-z][a-z0-9_]*)\}/g;

/** The names of parameters that a text speaks of; any other brace is a brace. */
export function namesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(word), ([, name = ""]) => name);
}

/** The text with its parameters in their places; those that are not there stay as they are. */
export function fillText(text: string, params: Readonly<Record<string, CommandValue>>): string {
  return text.replace(word, (whole, name: string) => String(params[name] ?? whole));
}

/** As `fillText`; a text that is one parameter and nothing else becomes its value. */
export function fillValue(
  value: CommandValue,
  params: Readonly<Record<string, CommandValue>>,
): CommandValue {
  if (typeof value !== "string") return value;
  const [name] = namesIn(value);
  if (name !== undefined && value === `{${name}}`) return params[name] ?? value;
  return fillText(value, params);
}
