/** From the form of a metric to a mapping. */
import { suggest } from "../core/suggest.ts";
import { isUnit, units } from "../core/unit.ts";
import { anyPath, type FaultPath, listOf, placeOf, type Report } from "./build-report.ts";
import type { MetricMapping } from "./profile.ts";
import type { ProfileFile } from "./profile-file.ts";
import { unitMeant } from "./unit-meant.ts";

type MetricForm = ProfileFile["metrics"][number];

/** `words` are those that the topics of the profile give. */
export function buildMetric(
  form: MetricForm,
  place: FaultPath,
  words: ReadonlySet<string>,
  report: Report,
): MetricMapping {
  const [firstText = "", ...restTexts] = listOf(form.path);
  const first = anyPath(firstText, placeOf([...place, "path"], form.path, 0), report);
  const rest = restTexts.map((text, at) =>
    anyPath(text, placeOf([...place, "path"], form.path, at + 1), report),
  );
  const wild = [first, ...rest].some((path) => path.wildcard !== "none");
  if (wild && rest.length > 0)
    report([...place, "path"], "a path with a wildcard stands alone", "write one metric for each");
  if (!wild && form.except.length > 0)
    report([...place, "except"], "only a path with a wildcard has exceptions");
  if (form.plain !== undefined && !form.name.includes("{"))
    report([...place, "plain"], `no {word} stands in ${form.name}`);
  checkName(form.name, wild, words, [...place, "name"], report);
  checkUnit(form.unit, [...place, "unit"], report);
  checkNumbers(form, place, report);
  return {
    name: form.name,
    ...(form.plain !== undefined && { plain: form.plain }),
    paths: [first, ...rest],
    except: new Set(form.except),
    type: typeOf(form),
    ...(form.unit !== undefined && { unit: form.unit }),
    scale: form.scale ?? 1,
    offset: form.offset ?? 0,
    ...(form.range && { range: form.range }),
    ...(form.values && { values: new Map(Object.entries(form.values)) }),
    alarm: form.class === "alarm",
  };
}

function checkName(
  name: string,
  wild: boolean,
  words: ReadonlySet<string>,
  place: FaultPath,
  report: Report,
): void {
  if (name.length > 64) report(place, "the name of a metric has at most 64 characters");
  if (name.split("{key}").length > 2) report(place, "{key} stands once in a name");
  for (const [, word = ""] of name.matchAll(/\{([^{}]*)\}/g)) {
    if (word === "key" && !wild) report(place, "{key} needs a path with a wildcard");
    if (word !== "key" && !words.has(word)) report(place, `no topic of the profile has {${word}}`);
  }
}

function checkUnit(unit: string | undefined, place: FaultPath, report: Report): void {
  if (unit === undefined || isUnit(unit)) return;
  const meant = unitMeant(unit) ?? suggest(unit, Object.keys(units));
  const hint = meant === undefined ? undefined : `did you mean ${meant}?`;
  report(place, `"${unit}" is not a SenML unit`, hint);
}

function checkNumbers(form: MetricForm, place: FaultPath, report: Report): void {
  const numeric = typeOf(form) === "number";
  for (const field of ["scale", "offset", "range"] as const)
    if (form[field] !== undefined && !numeric)
      report([...place, field], `only a number as the device sends it has a ${field}`);
  if (form.scale === 0) report([...place, "scale"], "a scale of 0 makes every value 0");
  if (form.range !== undefined && form.range[0] >= form.range[1])
    report([...place, "range"], "the lowest good value comes first, then the highest");
}

/** Where the device's words are listed, there are no others, unless the type is said as well. */
function typeOf({ type, values }: MetricForm): MetricMapping["type"] {
  return type ?? (values === undefined ? "number" : "listed");
}
