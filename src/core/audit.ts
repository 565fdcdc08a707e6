/**
 * The seam to the audit log: who did what, and who was refused. Whoever acts on behalf of a person, a
 * device or a program notes it once, where it is decided; the room `audit` keeps it.
 */

/** What is said of one thing that somebody did or was refused; when, the log says. No secrets. */
export interface AuditFacts {
  /** Who: a user, a client, a program. `nobody` where nothing is proven, our own name where none asked. */
  readonly by: string;
  /** The address where it came from; null: this machine. */
  readonly from: string | null;
  /** What, in a word of the reader: `sign-in`, `mqtt-login`, `reload`. */
  readonly action: string;
  /** What it was done to: a device, a topic, a file. */
  readonly target: string | null;
  readonly outcome: "done" | "refused" | "failed";
  /** Why, or what came of it, in one sentence. */
  readonly text: string | null;
}

/** Facts as they are kept. */
export interface AuditEntry extends AuditFacts {
  /** Given once. */
  readonly id: string;
  readonly atMs: number;
}

/** Takes what is to be audited. Noting waits for nothing and never throws. */
export interface Audit {
  /**
   * Keeps it. What was refused, which strangers can make as much of as they like, is kept once for each
   * action and address and then counted.
   */
  note(facts: AuditFacts): void;
  /**
   * The same for what is done again and again, such as logins: kept once for each action, address and
   * name, then counted. `times`: how many these are.
   */
  count(facts: AuditFacts, times?: number): void;
}

/** An audit log that keeps nothing. */
export const noAudit: Audit = { note() {}, count() {} };

/** What the program itself did or found, and nobody asked for. */
export function ownAct(
  action: string,
  target: string | null,
  outcome: AuditFacts["outcome"],
  text: string,
): AuditFacts {
  return { by: "sluicegate", from: null, action, target, outcome, text };
}
