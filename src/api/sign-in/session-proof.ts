/** What a session was opened with, in no form that opens one: whether it still holds can be told by it. */
import { createHash } from "node:crypto";
import type { ConsoleUser } from "./users-file.ts";

/** Of who came by a link: nothing that could change says that they may not be there any more. */
export const linkProof = "link";

/** Of who came by a password: another password or role is another proof. */
export function proofOf({ role, written }: Pick<ConsoleUser, "role" | "written">): string {
  return createHash("sha256").update(`${role}:${written}`).digest("base64");
}
