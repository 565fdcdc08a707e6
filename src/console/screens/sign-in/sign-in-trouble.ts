/** Why somebody is not let in, and what to do; the server says which of them it is. Pure. */
import type { Problem } from "../../../api/problem.ts";

export interface SignInTrouble {
  readonly title: string;
  readonly advice: string;
}

export function signInTrouble(problem: Problem): SignInTrouble {
  const { advice = "", code, status, title } = problem;
  if (code === "sign-in.refused" || (status === 401 && code !== "sign-in.needed"))
    return {
      title: title.includes("link")
        ? "This link does not sign in any more."
        : "Name or password is wrong.",
      advice:
        advice !== ""
          ? sentence(advice)
          : title.includes("link")
            ? "A link works once, and for ten minutes. Start the program again for a new one, or sign in by name."
            : "Both are taken as they are written, large and small letters too. After ten wrong tries nobody is let in for a while.",
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
