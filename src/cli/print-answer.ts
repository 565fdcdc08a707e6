/** What a command found out, for a person or a program. */
import { printable } from "../core/printable.ts";
import { printLines } from "./print-table.ts";

/** The form of an answer and its version: `devices/1`. A member that goes away or changes makes it `/2`. */
export type FormName = `${string}/${number}`;

/** Prints lines for people, or one object on one line that says its form; nothing else. */
export function printAnswer(
  { output }: { readonly output?: "text" | "json" | undefined },
  form: FormName,
  answer: object,
  lines: () => readonly string[],
): void {
  if (output === "json") {
    const said = JSON.stringify({ schema: `sluicegate.${form}`, ...answer });
    process.stdout.write(`${printable(said)}\n`);
  } else printLines(lines());
}
