/** `sluicegate alerts ls|show`: what fires, and the story of one. */
import type { AlertView } from "../alerts/alert-view.ts";
import {
  activeStates,
  type DisplayState,
  displayStates,
  stateWords,
} from "../alerts/display-state.ts";
import { namesOfRule } from "../alerts/rule-circles.ts";
import { systemClock } from "../app/system-clock.ts";
import type { Severity } from "../core/alert.ts";
import { GatewayError } from "../core/errors.ts";
import { matchesGlob } from "../core/glob.ts";
import { rankOf } from "../core/severity-rank.ts";
import { storyLines, storyOf } from "./alert-story.ts";
import { alertLines, plainAlert } from "./alerts-text.ts";
import { type AlertsOptions, atAlertDesk } from "./at-alert-desk.ts";
import { findAlerts, requireOne } from "./find-alerts.ts";
import { printAnswer } from "./print-answer.ts";
import { type RemoteOptions, remoteOf } from "./remote.ts";

export interface ListAlertsOptions extends AlertsOptions, RemoteOptions {
  readonly firing?: boolean;
  readonly shelved?: boolean;
  readonly suppressed?: boolean;
  readonly outOfService?: boolean;
  readonly all?: boolean;
  readonly severity?: Severity;
  readonly site?: string;
  readonly rule?: string;
  readonly failOn?: Severity;
}

/** Prints a line for each; exit 1 where `--fail-on` says so. */
export async function listAlerts(options: ListAlertsOptions): Promise<void> {
  const remote = await remoteOf(options);
  if (remote) return (await import("./remote-alerts.ts")).listRemoteAlerts(remote, options);
  await atAlertDesk(options, async (desk) => {
    const { board } = await desk.read();
    const nowMs = systemClock.wallMs();
    const states = statesOf(options);
    const known = [...board.views(nowMs)].filter((view) => isWanted(view, options));
    const shown = known.filter(
      ({ isFiring, state }) => states.has(state) && (isFiring || !options.firing),
    );
    shown.sort(compareViews);
    printAnswer(options, "alerts/1", { alerts: shown.map(plainAlert) }, () =>
      alertLines(shown, nowMs),
    );
    sayHidden(known, states);
    const { failOn } = options;
    const isBad = ({ last }: AlertView): boolean =>
      failOn !== undefined && last !== undefined && rankOf(last.severity) <= rankOf(failOn);
    if (shown.some(isBad)) process.exitCode = 1;
  });
}

export interface ShowAlertOptions extends AlertsOptions {
  readonly site?: string;
  readonly episodes: string;
}

/** Prints all of one. */
export async function showAlert(
  alert: string,
  device: string | undefined,
  options: ShowAlertOptions,
): Promise<void> {
  const episodes = Number(options.episodes);
  if (!Number.isInteger(episodes) || episodes < 1)
    throw new GatewayError("usage", `--episodes ${options.episodes}: write a whole number above 0`);
  await atAlertDesk(options, async (desk) => {
    const { board, heads } = await desk.read();
    const found = findAlerts(heads.values(), { ...options, alert, device });
    const head = requireOne(found, "say which by its device or its id:");
    const nowMs = systemClock.wallMs();
    const view = board.view(head.instance, nowMs);
    const story = storyOf(await desk.story(head), episodes);
    const plain = { alert: view ? plainAlert(view) : { alert: head }, story };
    printAnswer(options, "alert/1", plain, () => storyLines(head, view, story, nowMs));
  });
}

function statesOf(options: ListAlertsOptions): ReadonlySet<DisplayState> {
  if (options.all) return new Set(displayStates);
  const asked: DisplayState[] = [
    ...(options.shelved ? ["shelved" as const] : []),
    ...(options.suppressed ? ["suppressed" as const] : []),
    ...(options.outOfService ? ["out-of-service" as const] : []),
  ];
  return asked.length > 0 ? new Set(asked) : activeStates;
}

function isWanted({ last, site }: AlertView, options: ListAlertsOptions): boolean {
  const { rule, severity } = options;
  if (options.site !== undefined && !matchesGlob(options.site, site)) return false;
  if (rule === undefined && severity === undefined) return true;
  if (last === undefined) return false;
  if (severity !== undefined && rankOf(last.severity) > rankOf(severity)) return false;
  return rule === undefined || namesOfRule(last.rule).some((name) => matchesGlob(rule, name));
}

function compareViews(one: AlertView, other: AlertView): number {
  const rank = ({ last }: AlertView): number => rankOf(last?.severity ?? "info");
  const began = ({ last }: AlertView): number => Date.parse(last?.started_at ?? "") || 0;
  const place = ({ state }: AlertView): number => displayStates.indexOf(state);
  return rank(one) - rank(other) || place(one) - place(other) || began(one) - began(other);
}

/** What is in other lists is counted, so that nobody takes them for empty. */
function sayHidden(known: readonly AlertView[], states: ReadonlySet<DisplayState>): void {
  const counts = displayStates.flatMap((state) => {
    const count = states.has(state) ? 0 : known.filter((view) => view.state === state).length;
    return count > 0 ? [`${count} ${stateWords(state)}`] : [];
  });
  if (counts.length > 0) process.stderr.write(`(not shown: ${counts.join(", ")}; --all)\n`);
}
