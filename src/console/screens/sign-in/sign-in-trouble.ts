/** Why somebody is not let in, and what to do; the server says which of them it is. Pure. */
import type { Problem } from "../../../api/problem.ts";

export interface SignInTrouble {
  readonly title: string;
  readonly advice: string;
}

export function signInTrouble(problem: Problem): SignInTrouble {
  const { advice = "", code, status, title } = problem;
  if (code === "sign-in.refused" && title.includes("link"))
    return {
      title: "This link does not sign in any more.",
      advice:
        "A link works once, and for ten minutes. On the machine itself, sluicegate console prints another.",
    };
  if (code === "sign-in.refused")
    return {
      title: "Name or password is wrong.",
      advice:
        "Both are taken as they are written, large and small letters too. After ten wrong tries nobody is let in for a while.",
    };
  if (status === 429)
    return {
      title: "Too many wrong tries.",
      advice: advice === "" ? `${sentence(title)} Wait a while, then try again.` : sentence(advice),
    };
  return { title: sentence(title), advice: advice === "" ? "Try again." : sentence(advice) };
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
