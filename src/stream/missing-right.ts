/** What a server refuses for want of a right, in words that say which and how it is given. */
import { errors } from "@nats-io/transport-node";

const making = "$JS.API.STREAM.CREATE.";
const changing = "$JS.API.STREAM.UPDATE.";
const consumers = /^(\$JS\.API\.CONSUMER\.(?:CREATE|INFO|DELETE|MSG\.NEXT)\.[^.]+)\./;

/** Undefined where it is about no right. */
export function missingRight(thrown: unknown): string | undefined {
  if (!(thrown instanceof errors.PermissionViolationError))
    return thrown instanceof Error ? missingRight(thrown.cause) : undefined;
  const { operation, subject } = thrown;
  if (subject.startsWith(making))
    return (
      `${subject.slice(making.length)} is not there, and this user may not make it; ` +
      "`sluicegate backbone prepare` makes it with the credentials of the administrator"
    );
  if (subject.startsWith(changing))
    return (
      `this user may not change ${subject.slice(changing.length)}; with the credentials of the ` +
      "administrator, `nats stream edit` can"
    );
  const deed = operation === "publish" ? "publish to" : "subscribe to";
  return (
    `this user of the backbone has no right to ${deed} ${asGranted(subject)}; give it on the ` +
    "servers, or make all rights anew with `sluicegate nats-permissions` and reload them; " +
    "what people type wants the seed of the console"
  );
}

/** As it stands among rights: consumers and inboxes have names that are drawn anew each time. */
function asGranted(subject: string): string {
  const [, consumer] = consumers.exec(subject) ?? [];
  if (consumer !== undefined) return `${consumer}.>`;
  return subject.startsWith("_INBOX.") ? `${subject.split(".").slice(0, 2).join(".")}.>` : subject;
}
