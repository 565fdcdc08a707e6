import type { Course } from "./course.ts";
import type { CommandAnswer, PreparedCommand } from "./prepared-command.ts";

/** A command without a final step, as long as this process has it in hand. */
export class OpenCommand {
  course: Course;
  /** By the monotonic clock; undefined while nobody knows what time it is. */
  deadlineMs: number | undefined;
  /** Its last step was recorded. */
  isOver = false;
  /** It waits for its turn, so nothing of this try can have arrived. */
  isWaiting = true;
  /** Finds an answer in a message, while one is waited for. */
  answerIn: PreparedCommand["answerIn"];
  #heard: ((answer: CommandAnswer) => void) | undefined;

  constructor(course: Course) {
    this.course = course;
  }

  /** Listens for the answer from now on; resolves with it. */
  listen({ answerIn }: PreparedCommand): Promise<CommandAnswer> {
    return new Promise((resolve) => {
      this.answerIn = answerIn;
      this.#heard = resolve;
    });
  }

  hear(answer: CommandAnswer): void {
    this.answerIn = undefined;
    this.#heard?.(answer);
  }
}
