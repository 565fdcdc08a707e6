/** The measurements of one event as they come together. */
import type { Measurement } from "../../core/measurement.ts";
import type { Conversion } from "../../core/unit-conversion.ts";
import type { Scalar } from "../paths/path.ts";
import { fitValue } from "../values/fit.ts";
import type { KeyFound } from "../values/named-unit.ts";
import type { Metric } from "./metric.ts";
import { unitOfValue } from "./unit-of-value.ts";

/** One event carries at most this many values. */
export const maxMeasurements = 64;
/** Names are cut by nobody; longer ones do not fit. */
const maxNameLength = 128;
/** Of a value that does not fit so much is kept. */
const maxMisfitLength = 256;

/** What was found in a message, or in a member of one. */
export interface Pack {
  readonly measurements: Measurement[];
  /** Those that have their name from a key of the message; undefined where none has. */
  wildNames: Set<string> | undefined;
  /** So many of them fit. */
  fitting: number;
  /** So many say that they have no value: null, `unavailable`, an empty list. */
  silent: number;
  /** One of them is of class alarm. */
  alarm: boolean;
  /** So many values are read by no metric and not passed over on purpose. */
  unread: number;
  /** Something says that the device lives. */
  alive: boolean;
  /** What did not fit, and why; undefined where all did. */
  misfits: MetricMisfit[] | undefined;
}

/** A value that did not fit. */
export interface MetricMisfit {
  /** Its name in the profile. */
  readonly metric: string;
  /** For people, with the place in the message. */
  readonly reason: string;
  /** What came. */
  readonly came: string;
}

/** What a message is read with besides its metrics. */
export interface Reading {
  /** The message, or the member of it that is read. */
  readonly root: unknown;
  /** The message. */
  readonly whole: unknown;
  /** Texts that the message writes as numbers too long to be one. */
  readonly bigNumbers?: ReadonlySet<string> | undefined;
  /** Texts that stand where a value could not be had: why. */
  readonly failures?: ReadonlySet<string> | undefined;
}

export function emptyPack(): Pack {
  return {
    measurements: [],
    wildNames: undefined,
    fitting: 0,
    silent: 0,
    alarm: false,
    unread: 0,
    alive: false,
    misfits: undefined,
  };
}

/**
 * Adds a value, or the text that came in its place. `at` is what a wildcard stands for.
 */
export function addValue(
  pack: Pack,
  metric: Metric,
  name: string,
  found: Scalar,
  place: string,
  at: KeyFound | undefined,
  reading: Reading,
): void {
  const { mapping } = metric;
  let { unit } = mapping;
  let conversion: Conversion | undefined;
  if (mapping.namedUnit !== undefined) {
    const meant = unitOfValue(mapping.namedUnit, unit, found, at, reading);
    if (meant.isWrong) {
      addMisfit(pack, metric, name, String(found), `${place} ${meant.problem}`);
      return;
    }
    if (meant.problem !== undefined) noteMisfit(pack, metric, found, `${place} ${meant.problem}`);
    ({ conversion, unit } = meant);
  }
  if (reading.failures?.has(String(found))) {
    addMisfit(pack, metric, name, String(found), `${place} was not read: ${String(found)}`);
    return;
  }
  const isBig = reading.bigNumbers?.has(String(found));
  const { problem, quality, value } = fitValue(mapping, found, conversion, isBig);
  if (problem !== undefined) {
    addMisfit(pack, metric, name, String(found), `${place} ${problem}`);
    return;
  }
  if (value === undefined) {
    pack.silent += 1;
    return;
  }
  if (!hasRoom(pack, metric, name, found, place)) return;
  pack.measurements.push(
    unit === undefined ? { name, value, quality } : { name, unit, value, quality },
  );
  pack.fitting += 1;
  if (mapping.alarm) pack.alarm = true;
}

/** Keeps what came as a text of quality bad; it is in no unit, so none stands beside it. */
export function addMisfit(
  pack: Pack,
  metric: Metric,
  name: string,
  came: string,
  reason: string,
): void {
  if (!hasRoom(pack, metric, name, came, reason)) return;
  noteMisfit(pack, metric, came, reason);
  const value = came.length > maxMisfitLength ? `${came.slice(0, maxMisfitLength)}…` : came;
  pack.measurements.push({ name, value, quality: "bad" });
  if (metric.mapping.alarm) pack.alarm = true;
}

/** Tells of a value that is not kept. */
export function noteMisfit(pack: Pack, { mapping }: Metric, came: Scalar, reason: string): void {
  pack.misfits ??= [];
  if (pack.misfits.length < maxMeasurements)
    pack.misfits.push({ metric: mapping.name, reason, came: String(came) });
}

function hasRoom(pack: Pack, metric: Metric, name: string, came: Scalar, place: string): boolean {
  if (!isName(name)) {
    const reason = `${place}: "${name.slice(0, 64)}" cannot be the name of a metric`;
    noteMisfit(pack, metric, came, reason);
    return false;
  }
  if (pack.measurements.length < maxMeasurements) return true;
  const reason = `${place}: more than ${maxMeasurements} values in one message`;
  noteMisfit(pack, metric, came, reason);
  return false;
}

function isName(name: string): boolean {
  if (name.length === 0 || name.length > maxNameLength) return false;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  }
  return true;
}
