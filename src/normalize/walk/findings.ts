/** What was noticed in messages, counted: the same place of the same profile is one entry. */
import type { EpochMs } from "../../core/clock.ts";
import { ownText } from "../../core/own-text.ts";
import { printable } from "../../core/printable.ts";

/** One thing that was noticed. */
export interface Finding {
  /** `maker/model@3`. */
  readonly profile: string;
  /** Where: a path, or the name of a metric. */
  readonly place: string;
  /** The first value that was met, on one line and cut. */
  readonly sample: string;
  count: number;
  lastMs: EpochMs;
}

const mostPerProfile = 256;
const mostProfiles = 256;
const maxPlaceLength = 256;
const maxSampleLength = 64;

/**
 * A bounded table. What comes first stays, since those that come first are the ordinary ones; what has
 * no room is counted for its profile only, under the place `…`.
 */
export class Findings {
  readonly #byProfile = new Map<string, Map<string, Finding>>();

  /** The entry of a place, made where it is new; the caller counts it. */
  entry(profile: string, place: string, value: unknown): Finding {
    const ofProfile = this.#byProfile.get(profile);
    const table = ofProfile ?? new Map<string, Finding>();
    if (ofProfile === undefined && this.#byProfile.size < mostProfiles)
      this.#byProfile.set(profile, table);
    const name = cut(place, maxPlaceLength);
    const found = table.get(name);
    if (found !== undefined) return found;
    const isFull = table.size >= mostPerProfile;
    const kept = isFull ? "…" : ownText(name);
    const known = table.get(kept);
    if (known !== undefined) return known;
    const sample = isFull ? "" : ownText(printable(cut(String(value), maxSampleLength)));
    const finding = { profile, place: kept, sample, count: 0, lastMs: 0 };
    table.set(kept, finding);
    return finding;
  }

  note(profile: string, place: string, value: unknown, nowMs: EpochMs): void {
    const finding = this.entry(profile, place, value);
    finding.count += 1;
    finding.lastMs = nowMs;
  }

  /** All of them, profile by profile, in the order in which they were met. */
  list(): Finding[] {
    return [...this.#byProfile.values()].flatMap((table) => [...table.values()]);
  }
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
