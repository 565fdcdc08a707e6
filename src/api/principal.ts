/** Who asks, and what a person with that role may do. */

/** From the least that may be done to the most; each may what those before it may. */
export const consoleRoles = ["viewer", "operator", "admin"] as const;
export type ConsoleRole = (typeof consoleRoles)[number];

/** Somebody who proved who they are. */
export interface Principal {
  /** Stands in the audit log and in what operators did. */
  readonly name: string;
  readonly role: ConsoleRole;
  /** `session`: a browser, whose requests other pages can try to forge; `token`: a program. */
  readonly by: "session" | "token";
}

/** True where a role may do what asks for `needed`. */
export function mayAct(role: ConsoleRole, needed: ConsoleRole): boolean {
  return consoleRoles.indexOf(role) >= consoleRoles.indexOf(needed);
}
