/** From the unit fields of a metric's form to a unit and the conversions to it. */
import { convertibleUnits } from "../../core/convertible-units.ts";
import { suggest } from "../../core/suggest.ts";
import { isUnit, units } from "../../core/unit.ts";
import type { Conversion } from "../../core/unit-conversion.ts";
import type { Path } from "../paths/path.ts";
import type { MetricMapping, NamedUnit } from "../profile.ts";
import { conversionFrom } from "../values/named-unit.ts";
import { storedUnit } from "../values/stored-unit.ts";
import { unitMeant } from "../values/unit-meant.ts";
import { anyPath, type FaultPath, type Report } from "./build-report.ts";
import type { ProfileFile } from "./profile-file.ts";

type MetricForm = ProfileFile["metrics"][number];
type NamedForm = Exclude<MetricForm["unit"], string | undefined>;

/** `path` is that of the metric, whose wildcard a named unit may share. */
export function buildUnits(
  { from, unit }: MetricForm,
  path: Path,
  place: FaultPath,
  report: Report,
): Pick<MetricMapping, "unit" | "conversion" | "namedUnit"> {
  if (typeof unit === "object") {
    if (from !== undefined)
      report([...place, "from"], "the message names the unit", "write it as else of the unit");
    const namedUnit = buildNamed(unit, path, [...place, "unit"], report);
    if (unit.to === undefined) return { namedUnit };
    checkUnit(unit.to, [...place, "unit", "to"], report);
    return { unit: unit.to, namedUnit };
  }
  if (unit !== undefined) checkUnit(unit, [...place, "unit"], report);
  if (from === undefined) return unit === undefined ? {} : { unit };
  if (unit === undefined) {
    report([...place, "from"], "only a metric with a unit is converted to it");
    return {};
  }
  const conversion = convert(from, unit, [...place, "from"], report);
  return { unit, ...(conversion && { conversion }) };
}

function buildNamed(form: NamedForm, metric: Path, place: FaultPath, report: Report): NamedUnit {
  const path = anyPath(form.path, [...place, "path"], report);
  const isShared = path.wildcard === "key" && metric.wildcard === "key";
  if (path.wildcard !== "none" && !isShared)
    report([...place, "path"], `"${form.path}" has another wildcard than the metric`);
  const { senml = false, to } = form;
  const named = { path, beside: sameSteps(path, metric), senml };
  if (senml && to !== undefined)
    report([...place, "senml"], "a unit that is converted may be written in any way");
  if (to === undefined) {
    if (form.else !== undefined || Object.keys(form.values).length > 0)
      report(place, "values and else are of a unit that values are converted to", "write to, too");
    return { ...named, conversions: new Map() };
  }
  const conversions = new Map<string, Conversion>();
  for (const [word, unit] of Object.entries(form.values)) {
    const conversion = convert(unit, to, [...place, "values", word], report);
    if (conversion) conversions.set(word, conversion);
  }
  const otherwise =
    form.else === undefined ? undefined : convert(form.else, to, [...place, "else"], report);
  return { ...named, conversions, ...(otherwise && { otherwise }) };
}

function sameSteps(one: Path, other: Path): boolean {
  return one.outer === other.outer && JSON.stringify(one.keys) === JSON.stringify(other.keys);
}

function convert(
  from: string,
  to: string,
  place: FaultPath,
  report: Report,
): Conversion | undefined {
  const conversion = conversionFrom(from, to);
  if (conversion !== undefined) return conversion;
  const known = Object.keys(convertibleUnits);
  const meant = known.includes(from) ? undefined : suggest(from, known);
  report(
    place,
    `"${from}" cannot be converted to ${to}`,
    meant === undefined ? undefined : `did you mean ${meant}?`,
  );
  return undefined;
}

function checkUnit(unit: string, place: FaultPath, report: Report): void {
  if (isUnit(unit)) return;
  report(place, `"${unit}" is not a SenML unit`, unitHint(unit));
}

function unitHint(unit: string): string | undefined {
  const stored = Object.hasOwn(convertibleUnits, unit) ? storedUnit(unit) : undefined;
  if (stored !== undefined && unitMeant(unit) === undefined)
    return `write unit: ${stored}, from: ${unit}`;
  const meant = unitMeant(unit) ?? suggest(unit, Object.keys(units));
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}
