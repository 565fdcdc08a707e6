/** Questions of commands to a running gateway. */
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import type { Asked } from "../core/question.ts";
import { askRole } from "../telemetry/status-client.ts";
import { socketOf } from "./site.ts";

export type Answer = Readonly<Record<string, unknown>>;

export interface AskOptions {
  readonly config: string;
  readonly socket?: string;
  readonly output?: "text" | "json";
}

/** Puts a question with those of the options that are given; what is wrong with it is thrown. */
export async function askGateway(
  question: string,
  options: AskOptions,
  asked: Readonly<Record<string, string | undefined>>,
): Promise<Answer> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) given[name] = value;
  const answer = await askRole(await socketOf(options), question, given satisfies Asked);
  if (!isObject(answer)) throw new GatewayError("status.unreachable", "the answer is no object");
  const { meant, missing, problem } = answer;
  if (typeof problem !== "string") return answer;
  const advice = typeof meant === "string" ? `; did you mean ${meant}?` : "";
  throw new GatewayError(missing === true ? "not-found" : "usage", `${problem}${advice}`);
}
