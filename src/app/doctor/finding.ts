/** What a check found. */

export type Verdict = "ok" | "warning" | "error" | "skipped";

export interface Finding {
  /** `skipped`: something else has to be mended first, or this user may not look. */
  readonly verdict: Verdict;
  /** Which of several it is about: a server, a port, a receiver. */
  readonly about?: string | undefined;
  /** What was found, with figures. */
  readonly what: string;
  /** What follows from it; absent where all is well. */
  readonly why?: string | undefined;
  /** What to do next, best a command; absent where all is well. */
  readonly next?: string | undefined;
}

type Bad = Required<Pick<Finding, "what" | "why" | "next">> & Pick<Finding, "about">;

export function ok(what: string, about?: string): Finding {
  return { verdict: "ok", about, what };
}

/** It works, and somebody should look at it. */
export function warning(bad: Bad): Finding {
  return { verdict: "warning", ...bad };
}

/** Something does not work, or is lost. */
export function error(bad: Bad): Finding {
  return { verdict: "error", ...bad };
}

export function skipped(what: string, about?: string): Finding {
  return { verdict: "skipped", about, what };
}
