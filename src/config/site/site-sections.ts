/**
 * The sections of a configuration that other files hang on, each read for itself: a fault in one
 * must not hide the faults in the files that another names.
 */

import { type DeviceOptions, deviceOptions } from "../../normalize/options.ts";
import { parseWhatFits } from "../../schema/parse-what-fits.ts";
import type { Schema } from "../../schema/schema-faults.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import { defaultSources } from "../../sources/options.ts";
import { siteSchema } from "../schema.ts";

/** An entry of a list, as far as it is right, and where it stands in the list. */
export interface Entry<T> {
  readonly at: number;
  readonly value: T;
}

export interface SiteSections {
  readonly site: string | undefined;
  readonly gateway: string | undefined;
  readonly profileFolders: readonly string[];
  readonly generic: boolean;
  /** Topics that are noise here. */
  readonly ignore: readonly string[];
  readonly ruleFiles: readonly string[];
  /** False when the rule files are where they are by default. */
  readonly namesRuleFiles: boolean;
  readonly planFiles: readonly string[];
  /** False when the plan files are where they are by default. */
  readonly namesPlanFiles: boolean;
  readonly devices: readonly Entry<DeviceOptions>[];
  /** As they are written: each kind judges its own. */
  readonly sources: readonly unknown[];
}

/** Whatever can be understood of a configuration; what cannot is as if it were not written. */
export function readSections(written: unknown): SiteSections {
  const { shape } = siteSchema;
  const part = <T>(schema: Schema<T>, name: string): T | undefined =>
    parseWhatFits(schema, valueAt(written, [name])) ?? dataOf(schema.safeParse(undefined));
  const profiles = part(shape.profiles, "profiles");
  const rules = part(shape.rules, "rules");
  const plans = part(shape.plans, "plans");
  return {
    site: part(shape.site, "site"),
    gateway: part(shape.gateway, "gateway")?.id,
    profileFolders: profiles?.folders ?? [],
    generic: profiles?.generic ?? false,
    ignore: profiles?.ignore ?? [],
    ruleFiles: rules?.files ?? [],
    namesRuleFiles: valueAt(written, ["rules", "files"]) !== undefined,
    planFiles: plans?.files ?? [],
    namesPlanFiles: valueAt(written, ["plans", "files"]) !== undefined,
    devices: entriesOf(deviceOptions, valueAt(written, ["devices"])),
    sources: listOf(valueAt(written, ["sources"])) ?? defaultSources,
  };
}

function dataOf<T>(parsed: ReturnType<Schema<T>["safeParse"]>): T | undefined {
  return parsed.success ? parsed.data : undefined;
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function entriesOf<T>(schema: Schema<T>, list: unknown): Entry<T>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown, at) => {
    const value = parseWhatFits(schema, one);
    return value === undefined ? [] : [{ at, value }];
  });
}
