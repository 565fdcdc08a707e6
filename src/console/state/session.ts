/** Who looks at the page, and what they may do: what somebody may not do is not drawn. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Problem } from "../../api/problem.ts";
import type { Me } from "../../api/shapes/me.ts";
import type { SignedIn, SignInForm } from "../../api/shapes/sign-in.ts";
import { type Answer, ask, isSignedOut, tell } from "./ask.ts";

export type ConsoleRole = Me["role"];

const known = signal<Me | undefined>(undefined);
const problem = signal<Problem | undefined>(undefined);

/** Undefined until it is known, and where nobody is signed in. */
export const me: ReadonlySignal<Me | undefined> = known;

/** Why it could not be found out who is signed in, or why a link does not sign in. */
export const sessionProblem: ReadonlySignal<Problem | undefined> = problem;

const ranks: readonly ConsoleRole[] = ["viewer", "operator", "admin"];

/** Whether whoever looks may do what asks for a role. */
export function may(role: ConsoleRole): boolean {
  const own = known.value?.role;
  return own !== undefined && ranks.indexOf(own) >= ranks.indexOf(role);
}

/** Asks the server who is signed in. */
export async function checkSession(): Promise<void> {
  const answer = await ask<Me>("/me");
  if (answer.ok) {
    known.value = answer.value;
    isSignedOut.value = false;
  }
  if (answer.ok || answer.problem.code !== "sign-in.needed")
    problem.value = answer.ok ? undefined : answer.problem;
}

/** Begins, now and whenever a printed link is opened in this tab: that does not load the page anew. */
export function followSession(): void {
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#token=")) void beginSession();
  });
  void beginSession();
}

/** With the token of a printed link, where the address has one, or with the session there is. */
async function beginSession(): Promise<void> {
  const token = takeToken();
  const answer = token === undefined ? undefined : await signIn({ token });
  if (answer?.ok) return;
  await checkSession();
  // Whoever is signed in anyway does not care about a link that is used up.
  if (answer && !known.peek()) problem.value = answer.problem;
}

/** Signs in; the answer says why not. */
export async function signIn(form: SignInForm): Promise<Answer<SignedIn>> {
  const answer = await tell<SignedIn>("/sign-in", form);
  if (answer.ok) await checkSession();
  return answer;
}

/** Ends the session here and on the server. */
export async function signOut(): Promise<Answer<unknown>> {
  const answer = await tell("/sign-out");
  if (!answer.ok && answer.problem.code !== "sign-in.needed") return answer;
  known.value = undefined;
  problem.value = undefined;
  isSignedOut.value = true;
  return answer;
}

/**
 * The token behind the `#` of the address, which is taken out of it at once: neither the history of
 * the browser nor a link that is passed on shall have it.
 */
function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  return token;
}
