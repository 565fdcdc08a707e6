/** From the form of an example to an example. */

import { bytesOfHex } from "../inner-bytes.ts";
import type { Expectation, ExpectedValue, ProfileExample } from "../profile.ts";
import { parseRfc3339 } from "../times/rfc3339.ts";
import { type FaultPath, placeOf, type Report } from "./build-report.ts";
import type { ExpectationForm } from "./example-form.ts";
import type { ProfileFile } from "./profile-file.ts";

const encoder = new TextEncoder();

type ExampleForm = ProfileFile["examples"][number];

export function buildExample(form: ExampleForm, place: FaultPath, report: Report): ProfileExample {
  return {
    topic: form.topic,
    payload: payloadOf(form, place, report),
    receivedMs: readTime(form.received, [...place, "received"], report),
    will: form.will,
    expect: [form.expect]
      .flat()
      .map((one, at) =>
        buildExpectation(one, placeOf([...place, "expect"], form.expect, at), report),
      ),
  };
}

function payloadOf(form: ExampleForm, place: FaultPath, report: Report): Uint8Array {
  const { payload, payload_hex: hex } = form;
  if (hex === undefined && payload === undefined)
    report(place, "an example needs a payload", "write null for one that is null");
  if (hex === undefined)
    return encoder.encode(typeof payload === "string" ? payload : (JSON.stringify(payload) ?? ""));
  if (payload !== undefined) report(place, "an example has payload or payload_hex, not both");
  const bytes = bytesOfHex(hex);
  if (bytes === undefined) report([...place, "payload_hex"], "these are not the digits of bytes");
  return bytes ?? new Uint8Array();
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
