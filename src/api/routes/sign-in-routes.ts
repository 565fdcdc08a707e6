/** Signing in and out, and who is signed in. */
import { type ConsoleRole, consoleRoles } from "../principal.ts";
import { notSignedIn, RequestProblem } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import { type Me, me } from "../shapes/me.ts";
import { type SignInForm, signedIn, signedOut, signInForm } from "../shapes/sign-in.ts";

/** Who lets people in. */
export interface SignInDesk {
  /** Throws `RequestProblem` where it does not let them in. */
  signIn(
    form: SignInForm,
    address: string,
  ): Promise<{ readonly id: string; readonly name: string; readonly role: ConsoleRole }>;
  signOut(id: string): void;
  /** What is said of this process. */
  here(): Omit<Me, "name" | "role" | "by">;
}

export function signInRoutes(desk: SignInDesk): readonly Route[] {
  return [
    route({
      method: "post",
      path: "/sign-in",
      summary: "Signs in by name and password, or by the token of a printed link; sets the cookie.",
      needs: "anybody",
      params: nothing,
      query: nothing,
      body: signInForm,
      answer: signedIn,
      async serve({ body, visitor }) {
        const { id, name, role } = await desk.signIn(body, visitor.address);
        visitor.setSession(id);
        return { name, role };
      },
    }),
    route({
      method: "post",
      path: "/sign-out",
      summary: "Ends the session of the cookie; its live streams end, too.",
      needs: "anybody",
      params: nothing,
      query: nothing,
      body: nothing,
      answer: signedOut,
      async serve({ visitor }) {
        if (visitor.sessionId !== undefined) desk.signOut(visitor.sessionId);
        visitor.setSession(undefined);
        return { signedOut: true };
      },
    }),
    route({
      method: "get",
      path: "/me",
      summary: "Who asks, and what this process shows.",
      needs: consoleRoles[0],
      params: nothing,
      query: nothing,
      body: nothing,
      answer: me,
      async serve({ principal }) {
        if (!principal) throw new RequestProblem(notSignedIn);
        return { ...principal, ...desk.here() };
      },
    }),
  ];
}
