/** What a template may name while it runs, and how much the templates of a message may do. */

/** A message as templates see it. Made by `openMessage` only. */
export interface TemplateMessage {
  /** The payload as text: `value`. */
  readonly text: string;
  /** The payload as JSON: `value_json`; undefined where it is none. */
  readonly json: unknown;
  /** Left of what all templates of the message may do together; below zero they have failed. */
  steps: number;
}

export interface Scope {
  readonly message: TemplateMessage;
  /** What `{% set %}` named. */
  readonly names: Map<string, unknown>;
}

/** One part of a template, compiled. Never throws. */
export type Term = (scope: Scope) => unknown;

/** A step is a part that runs, or four characters of a text that it reads or makes. */
const mostSteps = 100_000;

export function openMessage(text: string, json: unknown): TemplateMessage {
  return { text, json, steps: mostSteps };
}

/** Pays for a part that handles so many characters; false where that was too much. */
export function pay({ message }: Scope, characters: number): boolean {
  message.steps -= 1 + (characters >> 2);
  return message.steps >= 0;
}
