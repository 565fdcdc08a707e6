/**
 * Rule files that cannot be read: what is in force is not what stands in them, and who edits them
 * may be asleep by then. Judged by whoever reads the files, by its own clock.
 */
import type { EpochMs } from "../../core/clock.ts";
import { formatTime } from "../../core/event-codec.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import type { SiteId } from "../../core/ids.ts";
import { escapeToken } from "../../core/token.ts";
import { episodeOf, type TransitionDraft } from "../words/transition.ts";
import { brokenRuleId, reservedGroup } from "./reserved-rules.ts";

/** One alert for a site, however many processors read its files. */
export function brokenRulesInstance(site: SiteId): string {
  return fnv1a64([...brokenRuleId.split("/"), site].map(escapeToken).join("."));
}

/** `where` is the file and the place in it, `what` is wrong there. */
export function brokenRulesAlert(
  site: SiteId,
  { what, where }: { readonly where: string; readonly what: string },
  atMs: EpochMs,
): TransitionDraft {
  const instance = brokenRulesInstance(site);
  const at = formatTime(atMs);
  const episode = episodeOf(instance, at);
  return {
    schema: "alert.transition/1",
    id: `${episode}.1`,
    episode,
    n: 1,
    instance,
    rule: brokenRuleId,
    rule_rev: reservedGroup,
    state: "firing",
    reason: "for_elapsed",
    severity: "critical",
    stale: false,
    labels: { site, where },
    annotations: {
      summary: `rules were not taken from the files: ${where}: ${what}; those before stay in force`,
    },
    started_at: at,
    fired_at: at,
    ended_at: null,
    at,
  };
}

/** `firing` is the last that is stored of it. */
export function mendedRulesAlert(firing: TransitionDraft, atMs: EpochMs): TransitionDraft {
  const at = formatTime(Math.max(atMs, Date.parse(firing.at)));
  const n = firing.n + 1;
  return {
    ...firing,
    id: `${firing.episode}.${n}`,
    n,
    state: "ended",
    reason: "normal",
    annotations: { summary: "the rules are those of the files again" },
    ended_at: at,
    at,
  };
}
