import type { AnswerEar, AnswerEars } from "./answer-ears.ts";
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
  readonly #ears: AnswerEars;
  /** There while an answer is waited for. */
  #ear: AnswerEar | undefined;

  constructor(course: Course, ears: AnswerEars) {
    this.course = course;
    this.#ears = ears;
  }

  /** Listens for the answer from now on; resolves with it, once. */
  listen({ answerIn, answersAt }: PreparedCommand): Promise<CommandAnswer> {
    this.hush();
    return new Promise((resolve) => {
      if (answerIn === undefined) return;
      const hear = (answer: CommandAnswer): void => {
        this.hush();
        resolve(answer);
      };
      this.#ear = { answerIn, answersAt, hear };
      this.#ears.add(this.#ear);
    });
  }

  /** No answer is waited for any more. */
  hush(): void {
    if (this.#ear) this.#ears.remove(this.#ear);
    this.#ear = undefined;
  }
}
