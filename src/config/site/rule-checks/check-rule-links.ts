/** Names in rules that are no names of things that devices have: other alerts, receivers. */
import { suggest } from "../../../core/suggest.ts";
import type { RuleParts } from "../../../rules/language/rule-parts.ts";
import { valueAt } from "../../../schema/schema-issue.ts";
import type { SiteFile } from "../site-reading.ts";
import type { SiteNames } from "./site-names.ts";

/** Warns of alerts that no rule raises and receivers that are not there: both may be elsewhere. */
export function checkRuleLinks(
  file: SiteFile<unknown>,
  { path }: RuleParts,
  { alerts, receivers }: SiteNames,
): void {
  const explaining = [...alerts, ...Array.from(alerts, (id) => id.split("/")[1] ?? id)];
  const suppressing = listAt(file, [...path, "suppressed_by"]).map((one) =>
    valueAt(one, ["alert"]),
  );
  for (const [at, name] of suppressing.entries())
    check(file, [...path, "suppressed_by", at, "alert"], name, explaining, {
      code: "rule.unknown-alert",
      what: "alert",
    });
  const told = listAt(file, [...path, "notify"]);
  // What gateways find is told by them and by the hub: one of the two has each receiver.
  const isAtEdge = valueAt(file.written, [...path, "evaluate"]) === "edge";
  if (isAtEdge && told.some((name) => receivers?.some((known) => known === name))) return;
  for (const [at, name] of told.entries())
    check(file, [...path, "notify", at], name, receivers, {
      code: "rule.unknown-receiver",
      what: "receiver",
    });
}

function check(
  file: SiteFile<unknown>,
  path: readonly (string | number)[],
  name: unknown,
  known: readonly string[] | undefined,
  { code, what }: { readonly code: string; readonly what: string },
): void {
  if (typeof name !== "string" || !known || known.includes(name)) return;
  const meant = suggest(name, known);
  file.report({
    code,
    path,
    message: `no ${what} here is named "${name}"`,
    hint: meant ? `did you mean ${meant}?` : `there is ${known.slice(0, 8).join(", ") || "none"}`,
    severity: "warning",
  });
}

function listAt(file: SiteFile<unknown>, path: readonly (string | number)[]): readonly unknown[] {
  const list = valueAt(file.written, path);
  return Array.isArray(list) ? list : [];
}
