import { formatDuration, parseDuration } from "../../../core/duration.ts";
import { isHeldLongEnough } from "../../../rules/held-long-enough.ts";
import type { RuleParts } from "../../../rules/rule-parts.ts";
import { matchesAny } from "../../../rules/select.ts";
import { valueAt } from "../../../schema/schema-issue.ts";
import type { SiteFile } from "../site-reading.ts";
import { mayBe, metricsOf, type SiteNames, selectedDevices } from "./site-names.ts";

/** Warns of a `for` that is over only if the next sample comes while the last one counts. */
export function checkRuleHold(
  file: SiteFile<unknown>,
  { condition, path, select }: RuleParts,
  names: SiteNames,
): void {
  const written = valueAt(file.written, [...path, "hold"]);
  const holdMs = typeof written === "string" ? parseDuration(written) : undefined;
  if (holdMs === undefined || condition?.kind !== "threshold") return;
  const ownFor = valueAt(file.written, [...path, "for"]);
  const ownForMs = (typeof ownFor === "string" ? parseDuration(ownFor) : undefined) ?? 0;
  const forMs = Math.max(ownForMs, ...condition.levels.map((level) => level.forMs));
  const { metric } = condition;
  const having = names.profiles.filter((profile) =>
    metricsOf([profile]).some((each) => mayBe(each, metric)),
  );
  const devices = selectedDevices(select, names).flatMap(({ value }) => {
    const profile = having.find(({ name }) => name === value.profile);
    return profile ? [value.interval ?? profile.intervalMs] : [];
  });
  const others = having.filter(({ name }) => matchesAny(select.profile, name));
  const intervals = devices.length > 0 ? devices : others.map(({ intervalMs }) => intervalMs);
  if (intervals.length === 0 || isHeldLongEnough(forMs, holdMs, intervals)) return;
  file.report({
    code: "rule.hold-too-short",
    path: [...path, "hold"],
    message: `a value counts for ${formatDuration(holdMs)}, the next comes later or never, and the breach must last ${formatDuration(forMs)}`,
    hint: "leave hold out, or make it as long as for",
    severity: "warning",
  });
}
