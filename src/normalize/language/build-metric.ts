/** From the form of a metric to a mapping. */

import { compileExpression, type Expression } from "../expression.ts";
import { parseKeyPattern } from "../paths/key-pattern.ts";
import type { MetricMapping, Sentinel } from "../profile.ts";
import { anyPath, type FaultPath, listOf, placeOf, type Report } from "./build-report.ts";
import { buildUnits } from "./build-units.ts";
import type { ProfileFile } from "./profile-file.ts";

type MetricForm = ProfileFile["metrics"][number];

/** `words` are those that the topics of the profile give. */
export function buildMetric(
  form: MetricForm,
  place: FaultPath,
  words: ReadonlySet<string>,
  report: Report,
): MetricMapping {
  const written = form.path ?? "$";
  if ((form.path === undefined) === (form.value === undefined))
    report(place, "a metric has a path or a value", "write where the value is in the message");
  const [firstText = "", ...restTexts] = listOf(written);
  const first = anyPath(firstText, placeOf([...place, "path"], written, 0), report);
  const rest = restTexts.map((text, at) =>
    anyPath(text, placeOf([...place, "path"], written, at + 1), report),
  );
  const wild = [first, ...rest].some((path) => path.wildcard !== "none");
  if (wild && first.outer)
    report([...place, "path"], `"${first.text}" would read the same values for each member`);
  if (wild && rest.length > 0)
    report([...place, "path"], "a path with a wildcard stands alone", "write one metric for each");
  if (!wild && form.except.length > 0)
    report([...place, "except"], "only a path with a wildcard has exceptions");
  if (form.plain !== undefined && !form.name.includes("{"))
    report([...place, "plain"], `no {word} stands in ${form.name}`);
  for (const word of Object.keys(form.where ?? {}))
    if (!words.has(word))
      report([...place, "where", word], `no topic of the profile has {${word}}`);
  if (form.otherwise && form.where !== undefined)
    report([...place, "otherwise"], "it is for what no metric with where is looked for");
  checkName(form.name, wild, words, [...place, "name"], report);
  if (form.probe !== undefined && first.wildcard !== "key")
    report([...place, "probe"], "only a path with * leads to probes");
  const value =
    form.value === undefined
      ? undefined
      : buildValue(form.value, [...place, "value"], words, report);
  const units = buildUnits(form, first, place, report);
  checkNumbers(form, place, report);
  const sentinels = buildSentinels(form, place, report);
  return {
    name: form.name,
    ...(form.plain !== undefined && { plain: form.plain }),
    paths: [first, ...rest],
    ...(value && { value }),
    ...(form.where && {
      where: new Map(Object.entries(form.where).map(([word, texts]) => [word, listOf(texts)])),
    }),
    otherwise: form.otherwise ?? false,
    except: new Set(form.except.filter((key) => !key.includes("*"))),
    exceptLike: form.except.filter((key) => key.includes("*")).map(parseKeyPattern),
    type: typeOf(form),
    parsed: form.parse === "number",
    ...units,
    ...(sentinels.size > 0 && { sentinels }),
    quality: form.quality ?? "good",
    probe: listOf(form.probe ?? []),
    scale: form.scale ?? 1,
    offset: form.offset ?? 0,
    ...(form.range && { range: form.range }),
    ...(form.values && { values: new Map(Object.entries(form.values)) }),
    alarm: form.class === "alarm",
  };
}

function buildValue(
  text: string,
  place: FaultPath,
  words: ReadonlySet<string>,
  report: Report,
): Expression | undefined {
  const value = compileExpression(text, "value");
  if ("problem" in value) {
    report(place, `${value.problem}, at its character ${value.column}`);
    return undefined;
  }
  for (const word of value.words)
    if (!words.has(word)) report(place, `no topic of the profile has {${word}}`);
  return value;
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

/** One print, one meaning. */
function buildSentinels(form: MetricForm, place: FaultPath, report: Report): Map<string, Sentinel> {
  const sentinels = new Map<string, Sentinel>();
  for (const meaning of ["none", "bad", "uncertain"] as const)
    for (const value of [form[meaning] ?? []].flat()) {
      const print = String(value);
      const other = sentinels.get(print);
      if (other !== undefined) report([...place, meaning], `${print} is also ${other}`);
      sentinels.set(print, meaning);
    }
  return sentinels;
}

function checkNumbers(form: MetricForm, place: FaultPath, report: Report): void {
  const numeric = typeOf(form) === "number";
  for (const field of ["scale", "offset", "range", "parse", "from"] as const)
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
