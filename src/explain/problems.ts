/** What the HTTP API answers in `code` of a problem. */
import type { Explanation } from "./explanation.ts";

const asked = (means: string, why: string, next: string): Explanation => ({ means, why, next });

export const problems: Readonly<Record<string, Explanation>> = {
  "request.invalid": asked(
    "a parameter or the body of a request does not have its form",
    "A field is missing, misspelled or of another type.",
    "The members of fields name each; /api/v1/openapi.json describes all of them.",
  ),
  "request.no-json": asked(
    "the body is no JSON, or is not said to be",
    "Content-Type is not application/json, or the text is cut off.",
    "Send JSON with that header.",
  ),
  "request.too-large": asked(
    "the body is larger than requests may be",
    "What people and programs ask for fits into a few kilobytes.",
    "Ask for less at once.",
  ),
  "request.method": asked(
    "this path does not know this method",
    "Reads are GET, changes are POST.",
    "The header Allow of the answer lists what it takes.",
  ),
  "request.foreign": asked(
    "a page of another origin asked in the name of somebody who is signed in",
    "Browsers say where a request comes from, and only the console's own page may change things.",
    "Name the public address in console.public_url where a proxy stands in front. Programs use a token.",
  ),
  "request.foreign-host": asked(
    "the request names a host that this console is not",
    "A page elsewhere may have pointed its own name at this address.",
    "Ask by the address or name that the configuration knows.",
  ),
  "sign-in.needed": asked(
    "nobody is signed in",
    "The session ended, or the token is missing, unknown or over.",
    "Sign in again; for programs, sluicegate tokens ls shows which count until when.",
  ),
  "sign-in.refused": asked(
    "user name or password is wrong",
    "The answer does not say which, so that names cannot be guessed.",
    "sluicegate console prints a link that signs in; console-users passwd NAME sets another password.",
  ),
  "sign-in.locked": asked(
    "too many tries failed",
    "Passwords would otherwise be guessed. It ends by itself.",
    "Wait as long as Retry-After says, or take the link that sluicegate console prints.",
  ),
  "sign-in.no-users": asked(
    "nobody has a password yet",
    "A console starts with no users, so that there is no password that all boxes share.",
    "sluicegate console-users add NAME --role admin, or the link that sluicegate console prints.",
  ),
  "sign-in.link-used": asked(
    "a link that signs in was used or is older than ten minutes",
    "It counts once.",
    "sluicegate console prints another.",
  ),
  "sign-in.busy": asked(
    "too many passwords are checked at the same time",
    "Checking is slow on purpose.",
    "Try again in some seconds.",
  ),
  "role.too-low": asked(
    "the user or token may not do this",
    "Viewers look, operators act, admins change.",
    "Take a token with a higher role: sluicegate tokens add NAME --role operator.",
  ),
  "stream.too-many": asked(
    "there are as many live streams as there may be",
    "Each open page and each sluicegate tap --context has one.",
    "Close some.",
  ),
  "alert.refused": asked(
    "what was asked cannot be done to the alert as it is",
    "Somebody was faster, it still fires, or the shelf would be longer than alerts.max_shelve.",
    "The title says why; look at the alert again.",
  ),
  "command.refused": asked(
    "the device cannot be told this",
    "Its profile knows no such command, a parameter is outside of its limits, or the command has ended.",
    "sluicegate devices show DEVICE lists commands with their limits.",
  ),
  "command.unconfirmed": asked(
    "a dangerous command or plan was sent without its confirmation",
    "The name of the device or plan has to be sent with it, so that a slip does nothing.",
    "Send confirm with that name; on the command line --yes.",
  ),
  "plan.refused": asked(
    "a plan cannot be run, cancelled or settled as it is",
    "A parameter is missing, or the run has ended.",
    "The title says why; sluicegate plan show RUN tells its state.",
  ),
  "receiver.unknown": asked(
    "no receiver has this name",
    "It was renamed or removed from notify.receivers.",
    "sluicegate status lists those that there are.",
  ),
  busy: asked(
    "as many others ask for the past as may at the same time",
    "Reading much of the past takes memory, so a few are served at a time.",
    "Try again in some seconds, or ask for a shorter time.",
  ),
  gone: asked(
    "who asked went away before there was an answer",
    "The connection was closed.",
    "Ask again.",
  ),
  internal: asked(
    "it failed, and only the journal says why",
    "The reason may name what is not for everybody.",
    "Look at the journal of the process: journalctl -u sluicegate.",
  ),
};
