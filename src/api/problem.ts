/** What is answered where a request cannot be done: a problem document of RFC 9457. */

/** `application/problem+json`; `code` is stable, the rest is for people. */
export interface Problem {
  readonly status: number;
  /** What kind of problem it is, in words that do not change: programs switch on it. */
  readonly code: string;
  /** What was tried and why it did not work. */
  readonly title: string;
  /** What to do about it. */
  readonly advice?: string;
  /** When it may be tried again. */
  readonly retryAfterS?: number;
  /** Fields of the request that do not fit, each with its place. */
  readonly fields?: readonly FieldProblem[];
}

/** One field of a request that does not fit. */
export interface FieldProblem {
  /** Such as `body.reason`. */
  readonly path: string;
  readonly message: string;
}

/** Thrown by whoever serves a request, and answered as it is; nothing else that is thrown is shown. */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

export const notSignedIn: Problem = {
  status: 401,
  code: "sign-in.needed",
  title: "nobody is signed in",
  advice: "sign in, or send a token: Authorization: Bearer <token>",
};

export function notFound(what: string): RequestProblem {
  return new RequestProblem({ status: 404, code: "not-found", title: `there is no ${what}` });
}
