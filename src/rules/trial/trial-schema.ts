/** How a file of tests of rules is written: its form, and what must hold among its parts. */
import * as z from "zod";
import type { Checked } from "../../core/fault.ts";
import { suggest } from "../../core/suggest.ts";
import { checkSchema } from "../../schema/schema-faults.ts";
import { severities } from "../language/condition-kind.ts";
import { durationText } from "../language/duration-text.ts";
import { reservedNames } from "../reserved/chosen-rules.ts";
import { parseSeries, type Series } from "./series.ts";
import type { Trial, TrialFile } from "./trial.ts";

/** The first Monday of 2026, so that times of the week are easy to count from. */
const usualStart = "2026-01-05T00:00:00Z";
const maxMs = 31 * 86_400_000;
/** Of one test, all inputs together. */
const maxSamples = 1_000_000;
const scalar = z.union([z.number(), z.boolean(), z.string()]);
const offset = durationText.refine((ms) => ms <= maxMs, { message: "is longer than 31d" });

const deviceForm = z.strictObject({
  profile: z.string().min(1).default("test/device"),
  site: z.string().min(1).default("site"),
  gateway: z.string().min(1).default("gw1"),
  interval: durationText.optional(),
  tags: z.record(z.string(), z.string()).default({}),
  attrs: z.record(z.string(), scalar).default({}),
  metrics: z.array(z.string().min(1)).optional(),
});

const values = z.string().transform((written, context): Series => {
  const series = parseSeries(written);
  if (!("problem" in series)) return series;
  const { hint, problem } = series;
  context.addIssue({ code: "custom", message: problem, params: { code: "bad-series", hint } });
  return z.NEVER;
});

const inputForm = z.strictObject({
  device: z.string(),
  metric: z.string().min(1),
  unit: z.string().optional(),
  start: offset.default(0),
  step: offset.refine((ms) => ms > 0, { message: "takes no time; write 1s or more" }),
  values,
});

const outageForm = z
  .strictObject({ gateway: z.string(), from: offset, to: offset })
  .refine(({ from, to }) => to > from, { path: ["to"], message: "is not behind from" });

const restartForm = z.strictObject({
  gateway: z.string(),
  at: offset,
  for: offset.default(0),
});

const expectedForm = z.strictObject({
  alert: z.string().min(1),
  device: z.string().optional(),
  state: z.enum(["firing", "ended"]),
  at: offset,
  late: z.boolean().optional(),
  stale: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  reason: z.string().optional(),
  value: scalar.optional(),
  labels: z.record(z.string(), z.string()).default({}),
});

const trialForm = z.strictObject({
  name: z.string().min(1),
  start: z.iso.datetime({ offset: true }).optional(),
  input: z.array(inputForm).min(1).max(1_000).optional(),
  outages: z.array(outageForm).optional(),
  restarts: z.array(restartForm).optional(),
  until: offset.optional(),
  restart: z.literal("every_message").optional(),
  expect: z.array(expectedForm).optional(),
  same_as: z.string().optional(),
});
type TrialForm = z.output<typeof trialForm>;

/** The form of a file of tests. */
export const trialFileSchema = z
  .strictObject({
    version: z.literal(1).optional(),
    rule_files: z.array(z.string().min(1)).min(1).max(100),
    reserved: z.array(z.enum(reservedNames)).default([]),
    devices: z.record(z.string().min(1).max(128), deviceForm),
    tests: z.array(trialForm).min(1),
  })
  .superRefine(checkNames)
  .transform(toTrialFile);
type FileForm = Pick<TrialFileText, "devices" | "tests">;
interface TrialFileText {
  readonly rule_files: readonly string[];
  readonly reserved: readonly (typeof reservedNames)[number][];
  readonly devices: Readonly<Record<string, z.output<typeof deviceForm>>>;
  readonly tests: readonly TrialForm[];
}

/** Checks the value of one file (YAML already read). Never throws. */
export function parseTrials(value: unknown): Checked<TrialFile> {
  return checkSchema(trialFileSchema, "rule-test", value);
}

type Refuse = (path: readonly (string | number)[], message: string) => void;

function checkNames({ devices, tests }: FileForm, context: z.RefinementCtx): void {
  const gateways = new Set(Object.values(devices).map(({ gateway }) => gateway));
  for (const [at, test] of tests.entries()) {
    const refuse: Refuse = (path, message) =>
      context.addIssue({ code: "custom", path: ["tests", at, ...path], message });
    if (tests.findIndex(({ name }) => name === test.name) < at)
      refuse(["name"], `"${test.name}" is there twice; names are unique`);
    checkParts(test, tests, refuse);
    for (const [place, { device }] of (test.input ?? []).entries())
      if (!Object.hasOwn(devices, device))
        refuse(["input", place, "device"], unknown("device", device, Object.keys(devices)));
    for (const [place, { device }] of (test.expect ?? []).entries())
      if (device !== undefined && !Object.hasOwn(devices, device))
        refuse(["expect", place, "device"], noSuchDevice(device, devices));
    for (const field of ["outages", "restarts"] as const)
      for (const [place, { gateway }] of (test[field] ?? []).entries())
        if (!gateways.has(gateway))
          refuse([field, place, "gateway"], unknown("gateway", gateway, gateways));
  }
}

/** A test says what happens and what comes of it, or that it ends like another. */
function checkParts(test: TrialForm, tests: readonly TrialForm[], refuse: Refuse): void {
  const { expect, input, same_as: sameAs } = test;
  const samples = (input ?? []).reduce((sum, { values: each }) => sum + each.length, 0);
  if (samples > maxSamples)
    refuse(["input"], `sends ${samples} samples; ${maxSamples} at most, or several tests`);
  if (sameAs === undefined) {
    if (!input) refuse([], "says no input; write input, or same_as another test");
    if (!expect) refuse([], "says not what to expect; expect: [] is that nothing happens");
    return;
  }
  for (const field of ["input", "expect", "start", "until"] as const)
    if (test[field] !== undefined)
      refuse([field], `${field} is that of the test in same_as; leave it out`);
  const other = tests.find(({ name }) => name === sameAs);
  if (!other)
    refuse(
      ["same_as"],
      unknown(
        "test",
        sameAs,
        tests.map(({ name }) => name),
      ),
    );
  else if (other.same_as !== undefined)
    refuse(["same_as"], `that one is same_as another; name "${other.same_as}"`);
}

/** An alert of a gateway or a site is expected without a device: who names it means its label. */
function noSuchDevice(name: string, devices: FileForm["devices"]): string {
  const places = Object.values(devices);
  for (const label of ["gateway", "site"] as const)
    if (places.some((device) => device[label] === name))
      return `${name} is a ${label}; leave device out, or write labels: { ${label}: ${name} }`;
  return unknown("device", name, Object.keys(devices));
}

function unknown(what: string, name: string, known: Iterable<string>): string {
  const names = [...known];
  const meant = suggest(name, names);
  return `there is no ${what} "${name}"; ${meant ? `did you mean ${meant}?` : `known: ${names.join(", ")}`}`;
}

function toTrialFile({ devices, reserved, rule_files, tests }: TrialFileText): TrialFile {
  return {
    ruleFiles: rule_files,
    reserved,
    devices: new Map(
      Object.entries(devices).map(([id, { interval, metrics, ...device }]) => [
        id,
        { id, ...device, intervalMs: interval, metrics },
      ]),
    ),
    trials: tests.map((test, at) => toTrial(test, at, tests)),
  };
}

function toTrial(test: TrialForm, at: number, tests: readonly TrialForm[]): Trial {
  const base = tests.find(({ name }) => name === test.same_as) ?? test;
  return {
    name: test.name,
    at,
    startMs: Date.parse(base.start ?? usualStart),
    inputs: (base.input ?? []).map(({ start, step, ...input }) => ({
      ...{ device: input.device, metric: input.metric, unit: input.unit, values: input.values },
      fromMs: start,
      stepMs: step,
    })),
    outages: (test.outages ?? base.outages ?? []).map(({ from, gateway, to }) => ({
      gateway,
      fromMs: from,
      toMs: to,
    })),
    restarts: (test.restarts ?? base.restarts ?? []).map(({ at: fromMs, for: forMs, gateway }) => ({
      gateway,
      fromMs,
      toMs: fromMs + forMs,
    })),
    untilMs: base.until,
    isCut: test.restart !== undefined,
    expected: test.expect?.map(({ at: atMs, ...expected }) => ({
      atMs,
      alert: expected.alert,
      device: expected.device,
      state: expected.state,
      late: expected.late,
      stale: expected.stale,
      severity: expected.severity,
      reason: expected.reason,
      value: expected.value,
      labels: expected.labels,
    })),
    sameAs: test.same_as,
  };
}
