/** Lines from a terminal that does not show them. */
import type { ReadStream } from "node:tty";

const interrupt = "\u0003";
const eraseLine = "\u0015";
const enter = new Set(["\r", "\n", "\u0004"]);
const erase = new Set(["\b", "\u007f"]);
const interruptedStatus = 130;

/**
 * Asks each question on standard error and reads one line for it, of which nothing is shown. Ctrl-C
 * ends the process; the terminal shows again what is typed, whatever happens.
 */
export async function readHidden(
  terminal: ReadStream,
  questions: readonly string[],
): Promise<string[]> {
  const answers: string[] = [];
  let typed: string[] = [];
  // What is typed ahead must not be shown either, so the question comes second.
  terminal.setRawMode(true).setEncoding("utf8");
  process.stderr.write(questions[0] ?? "");
  try {
    for await (const part of terminal.iterator({ destroyOnReturn: false }))
      for (const sign of String(part)) {
        if (sign === interrupt) return process.exit(interruptedStatus);
        if (sign === eraseLine) typed = [];
        else if (erase.has(sign)) typed.pop();
        else if (sign >= " ") typed.push(sign);
        if (!enter.has(sign)) continue;
        answers.push(typed.join(""));
        typed = [];
        process.stderr.write(`\n${questions[answers.length] ?? ""}`);
        if (answers.length === questions.length) return answers;
      }
    return answers;
  } finally {
    terminal.setRawMode(false).pause();
  }
}
