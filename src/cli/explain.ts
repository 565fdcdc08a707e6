/** `sluicegate explain CODE`: the long text of a code, out of this program alone. */

import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { explainFault, faultKindCodes } from "../explain/fault-kinds.ts";
import { allExplanations, explanationsOf } from "./all-explanations.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";

export interface ExplainOptions {
  readonly output: "text" | "json";
}

/** Prints one, or a line for each there is; exit 4 where nothing is called so. */
export async function explainCode(
  code: string | undefined,
  options: ExplainOptions,
): Promise<void> {
  if (code === undefined) return listCodes(options);
  const wanted = code
    .trim()
    .toLowerCase()
    .replace(/^.*\[([^\]]+)\].*$/, "$1");
  const found = explanationsOf(wanted);
  if (found.length === 0) {
    const meant = suggest(wanted, [...allExplanations.keys(), ...faultKindCodes()]);
    const advice = meant ? `did you mean ${meant}?` : "sluicegate explain lists all there are";
    throw new GatewayError("not-found", `no code is ${code}; ${advice}`);
  }
  printAnswer(options, "explanation/1", { code: wanted, explanations: found }, () =>
    found.flatMap(({ kind, means, next, why }) => [
      `${wanted}   ${kind}`,
      ...wrapped(means, "Means     "),
      ...wrapped(why, "Why       "),
      ...wrapped(next, "Next      "),
    ]),
  );
}

function listCodes(options: ExplainOptions): void {
  const codes = [...allExplanations].flatMap(([code, kinds]) =>
    kinds.map(({ kind, means }) => ({ code, kind, means })),
  );
  const kinds = faultKindCodes().map((code) => ({
    code,
    kind: "fault of a file",
    means: explainFault(code)?.means ?? "",
  }));
  const rows = [...codes, ...kinds];
  printAnswer(options, "explanations/1", { codes: rows }, () =>
    tableLines([
      ["CODE", "KIND", "MEANS"],
      ...rows.map(({ code, kind, means }) => [code, kind, means]),
    ]),
  );
}

const textWidth = 88;

/** Lines of words behind a head, and below it as far in. */
function wrapped(text: string, head: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > textWidth) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, at) => `${at === 0 ? head : " ".repeat(head.length)}${one}`);
}
