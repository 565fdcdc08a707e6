/** Why somebody is not let in, and what to do; the server says which of them it is. Pure. */
import type { Problem } from "../../../api/problem.ts";
import { sentence } from "../../parts/sentence-text.ts";

export interface SignInTrouble {
  readonly title: string;
  readonly advice: string;
}

export function signInTrouble({ advice, code, title }: Problem): SignInTrouble {
  if (code === "sign-in.refused")
    return {
      title: "Name or password is wrong.",
      advice:
        "Both are taken as they are written, large and small letters too. After ten wrong tries nobody is let in for a while.",
    };
  return { title: sentence(title), advice: sentence(advice ?? "try again") };
}
