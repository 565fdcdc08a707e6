/** The names that alerts of the first version stand under; `former-alerts.ts` says how they are read. */

/** The subject filter of the transitions of all alerts of that version. */
export const allFormerAlerts = "alert.c.*";

/** The subject that the transitions of an instance had. */
export function formerAlertSubject(instance: string): string {
  return `alert.c.${instance}`;
}

/** The subject filter of an instance whose site nobody knows: cursors of the first version do not say it. */
export function wherever(instance: string): string {
  return `alert.c.*.*.${instance}`;
}
