/** Who looks at the page, and what they may do: what somebody may not do is not drawn. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Me } from "../../api/shapes/me.ts";
import { ask, isSignedOut, tell } from "./ask.ts";

export type ConsoleRole = Me["role"];

const known = signal<Me | undefined>(undefined);

/** Undefined until it is known, and where nobody is signed in. */
export const me: ReadonlySignal<Me | undefined> = known;

const ranks: readonly ConsoleRole[] = ["viewer", "operator", "admin"];

/** Whether whoever looks may do what asks for a role. */
export function may(role: ConsoleRole): boolean {
  const own = known.value?.role;
  return own !== undefined && ranks.indexOf(own) >= ranks.indexOf(role);
}

/** Asks the server who is signed in. */
export async function checkSession(): Promise<void> {
  const answer = await ask<Me>("/me");
  if (!answer.ok) return;
  known.value = answer.value;
  isSignedOut.value = false;
}

/** Ends the session here and on the server. */
export async function signOut(): Promise<void> {
  await tell("/sign-out");
  known.value = undefined;
  isSignedOut.value = true;
}
