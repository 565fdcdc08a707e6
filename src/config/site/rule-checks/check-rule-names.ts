/** Names in rules that nothing has. A rule that matches nothing is silent, whatever happens. */
import type { Fault } from "../../../core/fault.ts";
import { suggest } from "../../../core/suggest.ts";
import type { Profile } from "../../../normalize/profile.ts";
import type { RuleParts } from "../../../rules/language/rule-parts.ts";
import { matchesAny } from "../../../rules/select.ts";
import { valueAt } from "../../../schema/schema-issue.ts";
import type { SiteFile } from "../site-reading.ts";
import {
  isAnything,
  mayBe,
  mayBeDiscovered,
  metricsOf,
  type SiteNames,
  selectedDevices,
} from "./site-names.ts";

/**
 * Reports what the rule selects and nobody has. Profiles are known for certain; everything else may
 * come from another gateway, or be discovered, and is a warning.
 */
export function checkRuleNames(file: SiteFile<unknown>, rule: RuleParts, names: SiteNames): void {
  checkProfiles(file, rule, names);
  if (!names.isWhole) return;
  checkPlaces(file, rule, names);
  checkTags(file, rule, names);
  checkMetrics(file, rule, names);
}

function checkPlaces(file: SiteFile<unknown>, { path, select }: RuleParts, names: SiteNames): void {
  const ids = names.devices.map(({ value }) => value.id);
  for (const [step, patterns, known] of [
    ["site", select.site, names.site],
    ["gateway", select.gateway, names.gateway],
    ["device", select.device, ids],
  ] as const)
    for (const [at, pattern] of (patterns ?? []).entries()) {
      if (known.length === 0 || known.some((name) => matchesAny([pattern], name))) continue;
      const meant = suggestFor(pattern, known);
      // Files of a hub describe no devices: there, names of other sites and gateways are right.
      if (meant === undefined && ids.length === 0) continue;
      const isDevice = step === "device";
      if (meant === undefined && isDevice && mayBeDiscovered(pattern, names)) continue;
      const there = `there is ${shortList(known)}`;
      const discovered = `; one that is discovered is called <family>-${pattern}`;
      file.report({
        code: `rule.unknown-${step}`,
        path: placeOf(file, [...path, "select", step], at),
        message: `no ${step} here is named "${pattern}"`,
        hint: meant ? `did you mean ${meant}?` : there + (isDevice ? discovered : ""),
        severity: "warning",
      });
    }
}

function checkMetrics(file: SiteFile<unknown>, rule: RuleParts, names: SiteNames): void {
  const { condition, path, select } = rule;
  const of = condition?.kind === "absent" ? condition.of : undefined;
  const read = condition?.kind === "expr" ? condition.metrics : [];
  for (const [metric, ...place] of [
    [select.metric, "select", "metric"],
    [of === select.metric ? undefined : of, "condition", "absent", "of"],
    ...read.map((each) => [each, "condition", "expr", "fire"]),
  ]) {
    if (metric === undefined) continue;
    const isMade = names.series.has(metric);
    const fault = isMade ? unheardSeries(metric, names) : unknownMetric(metric, rule, names);
    if (fault) file.report({ ...fault, path: [...path, ...place.map(String)] });
  }
}

function checkProfiles(file: SiteFile<unknown>, { path, select }: RuleParts, names: SiteNames) {
  const known = [...names.profiles.map(({ name }) => name), ...names.brokenProfiles];
  for (const [at, pattern] of (select.profile ?? []).entries()) {
    if (known.some((name) => matchesAny([pattern], name))) continue;
    const meant = suggest(pattern, known);
    file.report({
      code: "rule.unknown-profile",
      path: placeOf(file, [...path, "select", "profile"], at),
      message: `there is no profile "${pattern}"`,
      hint: meant ? `did you mean ${meant}?` : "put it into a folder that profiles.folders names",
    });
  }
}

/** Only the configuration gives tags, so a tag that no device has selects nothing. */
function checkTags(file: SiteFile<unknown>, { path, select }: RuleParts, names: SiteNames): void {
  const { devices } = names;
  if (devices.length === 0) return;
  const tags = new Set(devices.flatMap(({ value }) => Object.keys(value.tags)));
  for (const [tag, patterns] of Object.entries(select.tags)) {
    const values = [...new Set(devices.flatMap(({ value }) => value.tags[tag] ?? []))];
    if (values.some((value) => matchesAny(patterns, value))) continue;
    const isTagKnown = values.length > 0;
    const meant = isTagKnown
      ? patterns.map((pattern) => suggestFor(pattern, values)).find((one) => one !== undefined)
      : suggest(tag, tags);
    const known = isTagKnown ? values : [...tags];
    file.report({
      code: "rule.unknown-tag",
      path: [...path, "select", "tags", tag],
      atKey: !isTagKnown,
      message: isTagKnown
        ? `no device has the tag ${tag}: ${patterns.join(" or ")}`
        : `no device has the tag "${tag}"`,
      hint: meant
        ? `did you mean ${meant}?`
        : known.length > 0
          ? `there is ${shortList(known)}`
          : "give it to a device under devices[].tags",
      severity: "warning",
    });
  }
}

/** What is of a whole gateway is a sample of none of its devices. */
function unheardSeries(metric: string, names: SiteNames): Omit<Fault, "path"> | undefined {
  if (!names.seriesOfGateways.has(metric)) return undefined;
  return {
    code: "rule.unheard-series",
    message: `${metric} is a series of a whole gateway: it is stored, and no rule hears of it`,
    hint: "make the series per: device, and the rule that asks for it per: gateway",
    severity: "warning",
  };
}

/** Asks the profiles that the rule is about. */
function unknownMetric(
  metric: string,
  rule: RuleParts,
  names: SiteNames,
): Omit<Fault, "path"> | undefined {
  const profiles = selectedProfiles(rule, names);
  if (profiles === undefined) return undefined;
  const pool = metricsOf(profiles);
  if (pool.some((one) => !isAnything(one) && mayBe(one, metric))) return undefined;
  const sent = pool.filter(({ isOpen }) => !isOpen).map(({ name }) => name);
  const known = [...new Set([...sent, ...names.series])];
  const meant = suggest(metric, known);
  const isNarrow = profiles.length < names.profiles.length;
  if (pool.some(isAnything) && (isNarrow || meant === undefined || names.takesAnything))
    return undefined;
  const listed = known.length > 0 ? `there is ${shortList(known)}` : undefined;
  const hint = meant ? `did you mean ${meant}?` : listed;
  const who = isNarrow ? profiles.map(({ name }) => name) : ["no profile"];
  const message = isNarrow
    ? `${shortList(who)} has no metric "${metric}"`
    : `no profile here has a metric "${metric}"`;
  return { code: "rule.unknown-metric", message, ...(hint && { hint }), severity: "warning" };
}

/** The profiles of the devices that are selected; undefined where they cannot be known. */
function selectedProfiles({ select }: RuleParts, names: SiteNames): Profile[] | undefined {
  if ([...names.brokenProfiles].some((name) => matchesAny(select.profile, name))) return undefined;
  const profiles = names.profiles.filter(({ name }) => matchesAny(select.profile, name));
  if (profiles.length === 0) return undefined;
  if (select.device === undefined && Object.keys(select.tags).length === 0) return profiles;
  const used = new Set(selectedDevices(select, names).map(({ value }) => value.profile));
  const ofDevices = profiles.filter(({ name }) => used.has(name));
  return ofDevices.length > 0 ? ofDevices : profiles;
}

/** For a pattern such as `freezr-*`, the beginning of a name that it was meant for: `freezer-*`. */
function suggestFor(pattern: string, known: readonly string[]): string | undefined {
  const at = pattern.indexOf("*");
  if (at < 0) return suggest(pattern, known);
  const beginnings = [-1, 0, 1].flatMap((more) => known.map((name) => name.slice(0, at + more)));
  const meant = suggest(pattern.slice(0, at), beginnings);
  return meant && meant + pattern.slice(at);
}

function placeOf(file: SiteFile<unknown>, path: readonly (string | number)[], at: number) {
  return Array.isArray(valueAt(file.written, path)) ? [...path, at] : path;
}

function shortList(names: readonly string[]): string {
  const all = [...new Set(names)];
  const shown = all.slice(0, 5).join(", ");
  return all.length > 5 ? `${shown} and ${all.length - 5} more` : shown;
}
