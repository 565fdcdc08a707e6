/** What the files of a site say there is, gathered for the checks of rules. */
import { isObject } from "../../core/is-object.ts";
import type { Profile } from "../../normalize/profile.ts";
import { stuckRuleId } from "../../plans/stuck-alert.ts";
import { ownRuleIds } from "../../rules/reserved/reserved-rules.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import type { Load } from "./load.ts";
import { isAnything, metricsOf, type SiteNames } from "./rule-checks/site-names.ts";

const ownAlerts = [...ownRuleIds, stuckRuleId];

/** `ruleFiles` are what they say, as it is written. */
export function gatherNames(
  { main, sections }: Load,
  profiles: readonly Profile[],
  brokenProfiles: ReadonlySet<string>,
  ruleFiles: readonly unknown[],
): SiteNames {
  const { devices, gateway, generic, site } = sections;
  const listed = valueAt(main.written, ["devices"]);
  const open = new Set(
    metricsOf(profiles)
      .filter(isAnything)
      .map(({ profile }) => profile),
  );
  return {
    site: site === undefined ? [] : [site],
    gateway: gateway === undefined ? [] : [gateway],
    profiles,
    brokenProfiles,
    devices,
    isWhole: !main.broken && devices.length === (Array.isArray(listed) ? listed.length : 0),
    takesAnything: generic || devices.some(({ value }) => open.has(value.profile)),
    series: new Set(ruleFiles.flatMap((file) => inRules(file, "record").map(([, name]) => name))),
    seriesOfGateways: new Set(ruleFiles.flatMap(seriesOfGateways)),
    alerts: new Set([
      ...ownAlerts,
      ...ruleFiles.flatMap((file) => inRules(file, "alert").map((names) => names.join("/"))),
    ]),
    receivers: main.broken ? undefined : receiversOf(main.written),
  };
}

/** Undefined where none are written, or not as they should be. */
function receiversOf(written: unknown): readonly string[] | undefined {
  const receivers = valueAt(written, ["notify", "receivers"]);
  return isObject(receivers) ? Object.keys(receivers) : undefined;
}

/** A field of each rule of a file, whatever else is wrong with it; with the name of its group. */
function inRules(written: unknown, field: "alert" | "record"): readonly [string, string][] {
  return listAt(written, ["groups"]).flatMap((group) =>
    listAt(group, ["rules"]).flatMap((rule): [string, string][] => {
      const value = valueAt(rule, [field]);
      return typeof value === "string" ? [[String(valueAt(group, ["name"])), value]] : [];
    }),
  );
}

function seriesOfGateways(written: unknown): string[] {
  return listAt(written, ["groups"])
    .flatMap((group) => listAt(group, ["rules"]))
    .flatMap((rule) => {
      const name = valueAt(rule, ["record"]);
      return typeof name === "string" && valueAt(rule, ["per"]) === "gateway" ? [name] : [];
    });
}

function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}
