/** Lets people in: by name and password, or by a link that a terminal showed. */
import type { Clock } from "../../core/clock.ts";
import type { ConsoleRole } from "../principal.ts";
import { RequestProblem } from "../problem.ts";
import type { SignInForm } from "../shapes/sign-in.ts";
import type { KnownPeople } from "./known-people.ts";
import { LockOut } from "./lock-out.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import { PasswordCheck } from "./password-check.ts";
import type { SessionBook } from "./session-book.ts";
import { linkProof, proofOf } from "./session-proof.ts";

export interface SignInParts {
  readonly clock: Clock;
  readonly sessions: SessionBook;
  readonly links: OneTimeLinks;
  readonly people: Pick<KnownPeople, "user" | "anybody">;
  /** A session ended: whoever looks by it looks no more. */
  ended(): void;
  /** Somebody came or went. */
  changed(): void;
}

/** Somebody who proved who they are. */
interface Proved {
  readonly name: string;
  readonly role: ConsoleRole;
  readonly proof: string;
}

/** Opens sessions, and ends them. */
export function signInDesk({ changed, clock, ended, links, people, sessions }: SignInParts) {
  const lockOut = new LockOut(clock);
  const passwords = new PasswordCheck();

  const byPassword = async (
    { name, password }: Extract<SignInForm, { name: string }>,
    address: string,
  ): Promise<Proved> => {
    const user = people.user(name);
    // A name that nobody has costs as much as those that somebody has: how long it takes tells nothing.
    const kept = (user ?? people.anybody)?.password;
    if (!kept) throw new RequestProblem(noUsers);
    const attempt = { name, address };
    const waitMs = lockOut.begin(attempt);
    if (waitMs > 0) throw new RequestProblem(lockedOut(waitMs));
    const isRight = await passwords.check(password, kept);
    if (isRight === "busy") {
      lockOut.takeBack(attempt);
      throw new RequestProblem(busy);
    }
    // While it was checked, they may have been taken out.
    if (!isRight || !user || people.user(name)?.written !== user.written)
      throw new RequestProblem(wrong);
    lockOut.succeed(attempt);
    return { ...user, proof: proofOf(user) };
  };
  const byLink = (token: string): Proved => {
    const name = links.use(token);
    if (name === undefined) throw new RequestProblem(usedLink);
    return { name, role: "admin", proof: linkProof };
  };

  return {
    async signIn(form: SignInForm, address: string) {
      const { name, proof, role } =
        "token" in form ? byLink(form.token) : await byPassword(form, address);
      const id = sessions.open(name, role, proof);
      changed();
      return { id, name, role };
    },
    signOut(id: string) {
      sessions.close(id);
      changed();
      ended();
    },
  };
}

const wrong = {
  status: 401,
  code: "sign-in.refused",
  title: "name or password is wrong",
} as const;

const usedLink = {
  status: 401,
  code: "sign-in.link-used",
  title: "this link was used, or is older than ten minutes",
  advice: "sluicegate console prints a new one",
} as const;

const noUsers = {
  status: 401,
  code: "sign-in.no-users",
  title: "nobody has a password here",
  advice:
    "sluicegate console prints a link that signs in once; sluicegate console-users add <name> makes a user",
} as const;

const busy = {
  status: 503,
  code: "sign-in.busy",
  title: "too many sign in at once",
  advice: "try again in a few seconds",
} as const;

function lockedOut(waitMs: number) {
  const minutes = Math.ceil(waitMs / 60_000);
  return {
    status: 429,
    code: "sign-in.locked",
    title: "there were too many wrong tries",
    retryAfterS: Math.ceil(waitMs / 1_000),
    advice: `try again in ${minutes} min; whoever may use the machine gets in by: sluicegate console`,
  };
}
