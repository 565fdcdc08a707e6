/** How people sign in. */
import * as z from "zod";
import { consoleRole } from "./me.ts";

/** A name and a password, or the token of a link that was printed. */
export const signInForm = z.union([
  z.strictObject({ name: z.string().min(1).max(64), password: z.string().min(1).max(1024) }),
  z.strictObject({ token: z.string().min(20).max(200) }),
]);
export type SignInForm = z.infer<typeof signInForm>;

export const signedIn = z.strictObject({ name: z.string(), role: consoleRole });
export type SignedIn = z.infer<typeof signedIn>;

export const signedOut = z.strictObject({ signedOut: z.boolean() });
