/**
 * The way of one command from its first step to its last, as a pure machine: what happens to it leads
 * to the next step and to what is to be done then.
 *
 * Invariants
 * - Steps are numbered 1, 2, 3, ...; the last is final, and nothing happens behind it.
 * - `cancelled`, `expired`, `failed` and the gateway's `refused` promise that it had no effect: they are
 *   given only while nothing of it can have arrived.
 * - `unknown` stands where nobody can know; where the device was only silent, it is `timed-out`.
 */
import type { EpochMs } from "../core/clock.ts";
import type { Command, CommandReply, CommandState } from "../core/command.ts";
import type { WriteOutcome } from "../core/device-write.ts";
import type { CommandAnswer, PreparedCommand } from "./prepared-command.ts";
import { replyOf, type Words } from "./step-reply.ts";

/** How often, and under which promises, a command may leave; as its profile said when it left. */
export interface Terms {
  readonly tries: number;
  readonly repeatable: boolean;
  readonly answers: boolean;
}

/** How far a command is; plain data, kept over restarts. */
export interface Course {
  readonly command: Command;
  /** When its time ends here; undefined until the gateway has known the time while it had it. */
  readonly endsMs?: EpochMs;
  readonly state: "queued" | "sent" | "delivered";
  /** The number of its last step. */
  readonly step: number;
  /** How often it was about to leave. */
  readonly attempt: number;
  /** How often it may have arrived. */
  readonly left: number;
  readonly terms: Terms;
  /** Why nobody can know any more whether it arrived. */
  readonly doubt?: string;
  /** Its waiting was told, once for each try, or that it is too late to take it back. */
  readonly told?: "away" | "late";
}

/** What can happen to a command. */
export type Happening =
  /** The gateway has it. */
  | { readonly is: "taken"; readonly text?: string | undefined }
  /** Its turn has come, and its device is not there. */
  | { readonly is: "away"; readonly text: string }
  | { readonly is: "sending"; readonly terms: Terms }
  /** It was about to leave and its time ended first, or it was held back for another reason. */
  | { readonly is: "withheld" }
  | { readonly is: "written"; readonly outcome: WriteOutcome }
  | ({ readonly is: "answered" } & CommandAnswer)
  /** An answer came that may as well be to a command before it. */
  | { readonly is: "overheard" }
  /** No answer came in time. */
  | { readonly is: "silent"; readonly text: string }
  | { readonly is: "expired"; readonly text?: string }
  | { readonly is: "cancelled"; readonly text: string }
  /** The process ended before it had; `terms` as they are now, where anybody knows them. */
  | { readonly is: "restarted"; readonly terms?: Terms | undefined }
  /** Nobody remembers what became of it. */
  | { readonly is: "lost"; readonly text: string }
  /** It cannot be done: nothing left by this try. */
  | { readonly is: "impossible"; readonly state: "refused" | "failed"; readonly text: string };

/** What is to be done next. */
export type Next = "wait-for-turn" | "wait-for-answer" | "end";

/** The outcome of a happening. */
export interface Advance {
  readonly course: Course;
  /** The step to record; undefined where nothing changed. */
  readonly reply?: CommandReply;
  readonly next: Next;
}

export function termsOf({ answerIn, repeatable, tries }: PreparedCommand): Terms {
  return { tries, repeatable, answers: answerIn !== undefined };
}

const noTerms: Terms = { tries: 1, repeatable: false, answers: false };

/** A command before its first step. */
export function newCourse(command: Command): Course {
  return { command, state: "queued", step: 0, attempt: 0, left: 0, terms: noTerms };
}

/** True where it may leave once more although it may have arrived before. */
export function mayRepeat({ left, terms }: Course): boolean {
  return left === 0 || (terms.repeatable && left < terms.tries);
}

export function advance(course: Course, happening: Happening): Advance {
  switch (happening.is) {
    case "taken":
      return step(course, "wait-for-turn", wordsOf(happening.text));
    case "away":
      if (course.told !== undefined) return stay(course, "wait-for-turn");
      return course.left === 0
        ? wait({ ...course, told: "away" }, happening.text)
        : step({ ...course, told: "away" }, "wait-for-turn", {
            text: `${happening.text}; it may have arrived, and is sent once more when that changes`,
          });
    case "sending":
      return send(course, happening.terms);
    case "withheld":
      return expire({ ...course, left: course.left - 1 }, undefined);
    case "written":
      return written(course, happening.outcome);
    case "answered":
      return answered(course, happening);
    case "overheard":
      return stay({ ...course, doubt: overheard }, "wait-for-answer");
    case "silent":
      return mayRepeat(course)
        ? stay(course, "wait-for-turn")
        : end(course, course.doubt === undefined ? "timed-out" : "unknown", {
            text: course.doubt ?? happening.text,
          });
    case "expired":
      return expire(course, happening.text);
    case "cancelled":
      return cancel(course, happening.text);
    case "restarted":
      return restart({ ...course, terms: happening.terms ?? course.terms });
    case "lost":
      return end(course, "unknown", { text: happening.text });
    case "impossible":
      return course.left === 0
        ? end(course, happening.state, { text: happening.text })
        : end(course, "unknown", { text: `it may have arrived; now ${happening.text}` });
  }
}

function send(course: Course, terms: Terms): Advance {
  const { doubt: _, told, ...rest } = course;
  const attempt = course.attempt + 1;
  const left = course.left + 1;
  const late = told === "late" && { told };
  const sent: Course = { ...rest, ...late, state: "sent", attempt, left, terms };
  return step(
    sent,
    "wait-for-answer",
    course.left > 0 ? { text: "not known to be done; once more" } : {},
  );
}

function written(course: Course, outcome: WriteOutcome): Advance {
  const { answers } = course.terms;
  switch (outcome.outcome) {
    case "delivered": {
      const words = wordsOf(outcome.text);
      if (!answers) return end(course, "delivered", words);
      return step({ ...course, state: "delivered" }, "wait-for-answer", words);
    }
    case "sent":
      return answers ? stay(course, "wait-for-answer") : end(course, "sent", {});
    case "absent": {
      const back: Course = { told: "away", ...course, left: course.left - 1 };
      return wait(back, outcome.text);
    }
    case "refused":
      return course.left === 1
        ? end(course, "refused", { text: outcome.text })
        : end(course, "unknown", { text: `an earlier try may have arrived: ${outcome.text}` });
    case "unknown": {
      const doubted = { ...course, doubt: outcome.text };
      if (answers) return stay(doubted, "wait-for-answer");
      return mayRepeat(doubted)
        ? stay(doubted, "wait-for-turn")
        : end(doubted, "unknown", { text: outcome.text });
    }
  }
}

function answered(course: Course, { accepted, answer, text }: CommandAnswer): Advance {
  const said = { ...wordsOf(text), ...(answer !== undefined && { answer }) };
  if (accepted) return end(course, "acknowledged", said);
  if (course.left <= 1) return end(course, "refused", said);
  const words = `a try before this one may have been done; ${text ?? "the device said no"}`;
  return end(course, "unknown", { ...said, text: words });
}

function expire(course: Course, why: string | undefined): Advance {
  if (course.left === 0) return end(course, "expired", wordsOf(why));
  const text = course.doubt ?? "no answer, and it expired before it could be sent again";
  return end(course, course.doubt === undefined ? "timed-out" : "unknown", { text });
}

function cancel(course: Course, text: string): Advance {
  if (course.left === 0) return end(course, "cancelled", { text });
  const next = course.state === "queued" ? "wait-for-turn" : "wait-for-answer";
  if (course.told === "late") return stay(course, next);
  return step({ ...course, told: "late" }, next, { text: `too late to take it back; ${text}` });
}

const overheard = "an answer came that may be to a command before it, which had none";
const interrupted = "the gateway ended before it knew how this went";

function restart(course: Course): Advance {
  if (course.left === 0) return stay({ ...course, state: "queued" }, "wait-for-turn");
  const doubted = { ...course, doubt: interrupted };
  if (mayRepeat(doubted)) return stay(doubted, "wait-for-turn");
  return course.terms.answers
    ? stay(doubted, "wait-for-answer")
    : end(doubted, "unknown", { text: interrupted });
}

function wait(course: Course, text: string): Advance {
  return step({ ...course, state: "queued" }, "wait-for-turn", { text });
}

function stay(course: Course, next: Next): Advance {
  return { course, next };
}

function wordsOf(text: string | undefined): Words {
  return text === undefined ? {} : { text };
}

function step(course: Course, next: Next, words: Words): Advance {
  const stepped = { ...course, step: course.step + 1 };
  return { course: stepped, reply: replyOf(stepped, stepped.state, false, words), next };
}

function end(course: Course, state: CommandState, words: Words): Advance {
  const ended = { ...course, step: course.step + 1 };
  return { course: ended, reply: replyOf(ended, state, true, words), next: "end" };
}
