/** What a person may ask of a running role, beside its status: one answer to each question. */

/** Parameters as the command line gives them. */
export type Asked = Readonly<Record<string, string>>;

/**
 * Answers, or does what is asked; resolves when that is on disk. Gives an object fit for JSON. Throws
 * only where the role itself is at fault: what is wrong with the question is part of the answer.
 */
export type Question = (asked: Asked) => Promise<object>;

/** By name: small words with hyphens, of which each is answered by one role only. */
export type Questions = Readonly<Record<string, Question>>;
