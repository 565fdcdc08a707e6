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

/** Takes what is to be audited. */
export interface Audit {
  /**
   * Keeps it. What was refused, which strangers can make as much of as they like, is kept once for each
   * action and address and then counted. Costs the caller nothing to wait for, and never throws.
   */
  note(facts: AuditFacts): void;
}

/** An audit log that keeps nothing. */
export const noAudit: Audit = { note() {} };
