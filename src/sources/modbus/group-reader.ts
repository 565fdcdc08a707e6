/** What a poll asks with: the member, its plan, and how often a block is asked for. */
import type { PollGroup, PollPlan, RegisterBlock } from "../../core/poll-plan.ts";
import { exceptionWords, isForNow } from "./exceptions.ts";
import type { Member } from "./member.ts";
import { isSilent, type PollResult } from "./poll-result.ts";
import type { Answer } from "./request.ts";

/** A device that is busy is asked again after so long. */
const busyMs = 200;

export type NoData = Exclude<Answer, { kind: "data" }>;

export interface GroupReader {
  readonly member: Member;
  readonly plan: PollPlan;
  readonly group: PollGroup;
  /** How often a block is asked for before it failed. */
  readonly tries: number;
  /** What the member says nothing to is asked for at least so often. */
  readonly longestRestMs: number;
  /** On the clock that never jumps. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** Asks once. */
  ask(block: RegisterBlock): Promise<Answer>;
  /** What is found out about the device, said once. */
  tell(words: string): void;
}

/** Asks up to `most` times, and takes down what the last answer says about the device. */
export async function askOften(
  { ask, member, sleep, tries }: GroupReader,
  block: RegisterBlock,
  result: PollResult,
  most = tries,
): Promise<Answer> {
  let answer = await ask(block);
  for (let tried = 1; tried < most && isWorthAgain(answer, member); tried += 1) {
    if (answer.kind === "exception") await sleep(busyMs);
    answer = await ask(block);
  }
  result.note(answer, () => (answer.kind === "data" ? "" : wordsOf(answer)));
  return answer;
}

/** One that was never heard may not be there at all. */
function isWorthAgain(answer: Answer, { lastAnswerMs }: Member): boolean {
  if (isSilent(answer)) return lastAnswerMs !== undefined;
  return answer.kind === "exception" ? isForNow(answer.code) : answer.kind === "damage";
}

/** Why there is no data, in words. */
export function wordsOf(answer: NoData): string {
  return answer.kind === "exception" ? exceptionWords(answer.code) : answer.text;
}
