/** What a command found out, for a person or a program. */
import { printable } from "../core/printable.ts";
import type { FormName } from "./forms.ts";
import { printLines } from "./print-table.ts";

/** One object on one line that says its form, without the line end; `forms.ts` says what is in it. */
export function answerText(form: FormName, answer: object): string {
  return printable(JSON.stringify({ schema: `sluicegate.${form}`, ...answer }));
}

/** Prints lines for people, or one object for programs; nothing else. */
export function printAnswer(
  { output }: { readonly output?: "text" | "json" | undefined },
  form: FormName,
  answer: object,
  lines: () => readonly string[],
): void {
  if (output === "json") process.stdout.write(`${answerText(form, answer)}\n`);
  else printLines(lines());
}
