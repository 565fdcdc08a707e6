/** Questions before something is changed. */
import { createInterface } from "node:readline/promises";
import { GatewayError } from "../core/errors.ts";

/** True once somebody said yes. Without a terminal nobody can: throws `usage`, which names `--yes`. */
export async function isAgreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new GatewayError("usage", "nothing was changed: add --yes to do it without a question");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
