/**
 * Counts what devices sent against what was stored, by the devices' own numbers.
 *
 * Nothing of the gateway's own counting goes in, so a gateway that loses, doubles or reorders
 * events cannot hide it.
 */
import type { StoredEvent } from "../core/event.ts";
import { nameOfSimulated } from "./device-id.ts";
import { NumberRanges } from "./number-ranges.ts";

/** The name of the metric in which simulated devices number their events. */
export const numberMetric = "n";

export interface Verdict {
  /** Numbers that a device sent and holds a PUBACK for. */
  readonly sent: number;
  /** Stored messages that carry a number, copies included. */
  readonly stored: number;
  /** Sent and nowhere stored. */
  readonly lost: number;
  /** Copies beyond the first. */
  readonly duplicated: number;
  /** Stored for the first time behind a higher number of the same device. */
  readonly reordered: number;
  /**
   * Stored although no PUBACK is known. Right where a device or its gateway died in between; wrong
   * once every device has drained.
   */
  readonly unexpected: number;
  /** Nothing lost, doubled or out of order. */
  readonly ok: boolean;
  /** `ok`, and nothing unexpected either: what must hold when all devices have drained. */
  readonly exact: boolean;
  /** The first few faults, for people. */
  readonly examples: readonly string[];
}

export interface Proof {
  /** A device holds the PUBACK for its number. In any order; again is fine. */
  sent(device: string, n: number): void;
  /** A stored message carries the number. To be called in the order of the stream. */
  stored(device: string, n: number): void;
  verdict(): Verdict;
}

const maxExamples = 10;

export function createProof(): Proof {
  const devices = new Map<string, { sent: NumberRanges; stored: NumberRanges; highest: number }>();
  const examples: string[] = [];
  let stored = 0;
  let duplicated = 0;
  let reordered = 0;

  const countsOf = (device: string) => {
    let counts = devices.get(device);
    if (!counts) {
      counts = { sent: new NumberRanges(), stored: new NumberRanges(), highest: 0 };
      devices.set(device, counts);
    }
    return counts;
  };
  const note = (into: string[], text: string): void => {
    if (into.length < maxExamples) into.push(text);
  };

  return {
    sent(device, n) {
      countsOf(device).sent.add(n);
    },
    stored(device, n) {
      const counts = countsOf(device);
      stored += 1;
      if (!counts.stored.add(n)) {
        duplicated += 1;
        note(examples, `${device} ${n} stored again`);
      } else if (n < counts.highest) {
        reordered += 1;
        note(examples, `${device} ${n} stored behind ${counts.highest}`);
      } else {
        counts.highest = n;
      }
    },
    verdict() {
      const seen = [...examples];
      let sent = 0;
      let lost = 0;
      let unexpected = 0;
      for (const [device, counts] of devices) {
        let found = 0;
        for (const n of counts.sent) {
          if (counts.stored.has(n)) found += 1;
          else note(seen, `${device} ${n} lost`);
        }
        sent += counts.sent.size;
        lost += counts.sent.size - found;
        unexpected += counts.stored.size - found;
      }
      const ok = lost === 0 && duplicated === 0 && reordered === 0;
      const exact = ok && unexpected === 0;
      return { sent, stored, lost, duplicated, reordered, unexpected, ok, exact, examples: seen };
    },
  };
}

/** The number that a simulated device, by its own name, gave a stored event; undefined for any other event. */
export function numberOf(event: StoredEvent): { device: string; n: number } | undefined {
  if (event.kind !== "measurement" || event.device === null) return undefined;
  const n = event.data.find(({ name }) => name === numberMetric)?.value;
  return typeof n === "number" ? { device: nameOfSimulated(event.device), n } : undefined;
}
