/** From the form of an example to an example. */

import type { Expectation, ExpectedValue, ProfileExample } from "../profile.ts";
import { parseRfc3339 } from "../times/rfc3339.ts";
import { type FaultPath, placeOf, type Report } from "./build-report.ts";
import type { ExpectationForm } from "./example-form.ts";
import type { ProfileFile } from "./profile-file.ts";

type ExampleForm = ProfileFile["examples"][number];

export function buildExample(form: ExampleForm, place: FaultPath, report: Report): ProfileExample {
  return {
    topic: form.topic,
    payload: typeof form.payload === "string" ? form.payload : (JSON.stringify(form.payload) ?? ""),
    receivedMs: readTime(form.received, [...place, "received"], report),
    will: form.will,
    expect: [form.expect]
      .flat()
      .map((one, at) =>
        buildExpectation(one, placeOf([...place, "expect"], form.expect, at), report),
      ),
  };
}

function buildExpectation(form: ExpectationForm, place: FaultPath, report: Report): Expectation {
  const { device, time, clock, counter } = form;
  const facts = {
    ...(device !== undefined && { device }),
    ...(time !== undefined && { timeMs: readTime(time, [...place, "time"], report) }),
    ...(clock !== undefined && { clock }),
    ...(counter !== undefined && { counter }),
  };
  const outcomes = [form.metrics, form.status, form.rejection, form.passed_over].filter(
    (one) => one !== undefined,
  );
  if (outcomes.length !== 1)
    report(place, "an example expects one of metrics, status, rejection and passed_over");
  if (form.status !== undefined) return { ...facts, kind: "status", state: form.status };
  if (form.rejection !== undefined) return { ...facts, kind: "rejection", code: form.rejection };
  if (form.passed_over !== undefined)
    return { ...facts, kind: "passed-over", why: form.passed_over };
  const metrics = new Map<string, ExpectedValue>();
  for (const [name, value] of Object.entries(form.metrics ?? {}))
    metrics.set(
      name,
      typeof value !== "object"
        ? { value, quality: "good" }
        : {
            value: value.value,
            quality: value.quality,
            ...(value.unit !== undefined && { unit: value.unit }),
          },
    );
  return { ...facts, kind: "measurement", metrics };
}

function readTime(text: string, place: FaultPath, report: Report): number {
  const timeMs = parseRfc3339(text, undefined);
  if (timeMs === undefined)
    report(place, `"${text}" is not a time`, "write it as 2026-11-21T14:02:10Z");
  return timeMs ?? 0;
}
