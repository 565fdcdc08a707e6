/** The episodes that transitions tell of. */
import type { Severity } from "../../core/alert.ts";
import { rankOf } from "../../core/severity-rank.ts";
import type { TransitionDraft } from "../words/transition.ts";

/** One run of an alert; times in event time. */
export interface Episode {
  readonly id: string;
  /** `group/alert`. */
  readonly rule: string;
  readonly alert: string;
  /** The device, or the gateway or site of an alert that is about one. */
  readonly subject: string;
  /** The alert and what it is about, the same in every rule set that has an alert of that name. */
  readonly key: string;
  /** The most severe that it was. */
  severity: Severity;
  readonly startedMs: number;
  readonly firedMs: number;
  /** Undefined while it fires. */
  endedMs: number | undefined;
  /** What people are told of it. */
  notices: number;
}

/** What is kept one by one; more are counted. */
const maxKept = 100_000;

export class EpisodeBook {
  readonly #open = new Map<string, Episode>();
  readonly #kept: Episode[] = [];
  #left = 0;

  /** In the order in which they were found. */
  get episodes(): readonly Episode[] {
    return this.#kept;
  }

  /** Episodes that there was no room for. */
  get left(): number {
    return this.#left;
  }

  take(draft: TransitionDraft): void {
    const episode = this.#open.get(draft.episode) ?? this.#begin(draft);
    if (rankOf(draft.severity) < rankOf(episode.severity)) episode.severity = draft.severity;
    if (!draft.quiet) episode.notices += 1;
    if (draft.state !== "ended") return;
    episode.endedMs = Date.parse(draft.at);
    this.#open.delete(draft.episode);
  }

  #begin(draft: TransitionDraft): Episode {
    const { episode: id, fired_at, labels, rule, severity, started_at } = draft;
    const alert = rule.slice(rule.indexOf("/") + 1);
    const { device, gateway = "", site = "" } = labels;
    const episode: Episode = {
      ...{ id, rule, alert, severity, notices: 0, endedMs: undefined },
      subject: device ?? (gateway === "" ? site : gateway),
      key: JSON.stringify([alert, site, gateway, device]),
      startedMs: Date.parse(started_at),
      firedMs: Date.parse(fired_at),
    };
    this.#open.set(id, episode);
    if (this.#kept.length < maxKept) this.#kept.push(episode);
    else this.#left += 1;
    return episode;
  }
}
