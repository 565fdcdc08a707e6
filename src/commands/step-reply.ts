/** What is recorded of a step: the event that tells everybody how far a command is. */
import type { EpochMs } from "../core/clock.ts";
import type { Command, CommandReply, CommandState } from "../core/command.ts";

/** What is said with a step. */
export type Words = Pick<CommandReply, "text" | "answer">;

/** A course behind its step, as far as the record of it goes. */
export interface SteppedCourse {
  readonly command: Command;
  readonly endsMs?: EpochMs;
  readonly step: number;
  readonly attempt: number;
  readonly left: number;
}

const mostText = 256;
const mostAnswer = 1_024;

/** The record of a step; what is said is cut to what a record may have. */
export function replyOf(
  course: SteppedCourse,
  state: CommandState,
  final: boolean,
  words: Words,
): CommandReply {
  const { attempt, command, step: number } = course;
  const waits = state === "queued" && course.left === 0;
  return {
    command: command.id,
    name: command.name,
    state,
    step: number,
    final,
    ...(attempt > 0 && state !== "queued" && { attempt }),
    ...(words.text !== undefined && { text: cut(words.text, mostText) }),
    ...(words.answer !== undefined && { answer: cut(words.answer, mostAnswer) }),
    ...(waits && { validUntil: new Date(course.endsMs ?? command.expiresMs).toISOString() }),
    ...(command.run !== undefined && { run: command.run }),
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}
