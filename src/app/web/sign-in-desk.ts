/** Lets people in: by the link that a terminal showed. */
import { RequestProblem } from "../../api/problem.ts";
import type { SignInDesk } from "../../api/routes/sign-in-routes.ts";
import type { OneTimeLinks } from "../../api/sign-in/one-time-links.ts";
import type { SessionBook } from "../../api/sign-in/session-book.ts";
import { version } from "../version.ts";
import type { WebSurroundings } from "./web-part.ts";

export interface SignInParts {
  readonly sessions: SessionBook;
  readonly links: OneTimeLinks;
  /** A session ended: whoever looks by it looks no more. */
  ended(): void;
}

export function signInDesk(
  { roles, site }: WebSurroundings,
  { ended, links, sessions }: SignInParts,
): SignInDesk {
  return {
    async signIn(form) {
      const name = "token" in form ? links.use(form.token) : undefined;
      if (name === undefined)
        throw new RequestProblem({
          status: 401,
          code: "sign-in.refused",
          title:
            "token" in form ? "this link was used, or is too old" : "name or password is wrong",
        });
      return { id: sessions.open(name, "admin"), name, role: "admin" };
    },
    signOut(id) {
      sessions.close(id);
      ended();
    },
    here: () => ({
      version,
      site: site.config.site,
      gateway: roles.includes("gateway") ? site.config.gateway.id : null,
      roles: [...roles],
      shows: "gateway",
    }),
  };
}
