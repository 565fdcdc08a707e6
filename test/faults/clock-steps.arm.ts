/**
 * A wall clock that is set while the gateway runs, and one that does not know the time at boot: no
 * event is lost, doubled or reordered, and no rule fires or keeps silent because of it.
 */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import type { AlertTransition } from "../../src/core/alert.ts";
import { sleep } from "../../src/core/clock.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import {
  type ClockSite,
  faketimeLibrary,
  inClockSite,
  type SiteResult,
  silentMs,
} from "./clock-steps-site.ts";
import { controlOf } from "./counts.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const hour = 3_600;
const day = 24 * hour;
/** Where the clock stands after each step, in seconds from the true time. */
const offsets = [hour, 0, day, 0, -hour, 0, -day, 0] as const;
type Note = (text: string) => void;

export const clockSteps: Arm = {
  goal: "R16",
  title: "a clock that is set",
  figures: { small: 1, ci: 9, nightly: 45 },
  missing: () =>
    access(faketimeLibrary).then(
      () => undefined,
      () => "no faketime: sh deploy/setup.sh --faults installs it",
    ),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const results = [await bootUnset(join(folder, "boot"), note)];
      if (figure > 1) results.push(await stepClock(join(folder, "steps"), figure - 1, note));
      const sum = (of: (verdict: LedgerVerdict) => number): number =>
        results.reduce((total, { verdict }) => total + of(verdict), 0);
      const faults = results.flatMap((result) => [...result.faults, ...result.verdict.examples]);
      const wallClockAlarms = results.reduce((total, result) => total + result.wallClockAlarms, 0);
      return {
        runs: figure,
        acked: sum(({ acked }) => acked),
        lost: sum(({ lost }) => lost),
        duplicated: sum(({ duplicated }) => duplicated),
        reordered: sum(({ reordered }) => reordered),
        declaredLost: 0,
        control: controlOf(wallClockAlarms),
        ok: results.every(({ verdict }) => verdict.ok) && faults.length === 0,
        notes: [...faults, `a watcher by the wall clock: ${wallClockAlarms} false alarms`],
      };
    }),
};

/** Sets the clock of a running gateway again and again. */
function stepClock(folder: string, steps: number, note: Note): Promise<SiteResult> {
  return inClockSite(folder, 0, async (site) => {
    const { addDevice, events, setClock, transitions } = site;
    const names = ["sim-load-1", "sim-load-2", "sim-load-3", "sim-load-4"];
    await untilFiring(transitions, "Warm", names);
    for (let step = 0; step < steps; step += 1) {
      const name = addDevice(`late-${step}`);
      names.push(name);
      await waitUntil(
        async () => (await events()).some(({ device }) => device === name),
        `${name} is there`,
      );
      await setClock(offsets[step % offsets.length] ?? 0);
      await waitUntil(
        async () => countResets(await events()) === step + 1,
        `step ${step + 1} is adopted`,
      );
      await untilFiring(transitions, "Warm", names);
    }
    await sleep(systemClock, silentMs);
    const flowing = await transitions();
    note(`${steps} steps: ${flowing.length} transitions, ${names.length} expected`);
    const faults = unexpectedTransitions(flowing, names);
    const unsynced = (await events()).filter(({ clock }) => clock === "unsynced").length;
    if (unsynced > 0) faults.push(`${unsynced} events do not know the time`);
    return [...faults, ...(await silence(site, names, note))];
  });
}

/** Starts a gateway whose clock shows 1970, and sets it right after a while. */
function bootUnset(folder: string, note: Note): Promise<SiteResult> {
  const sinceEpoch = Math.floor(systemClock.wallMs() / 1_000) - hour;
  return inClockSite(folder, -sinceEpoch, async (site) => {
    const { events, setClock, transitions } = site;
    const names = ["sim-load-1", "sim-load-2", "sim-load-3", "sim-load-4"];
    await waitUntil(async () => (await events()).length > 100, "events of an unset clock");
    await sleep(systemClock, silentMs);
    const faults: string[] = [];
    const unset = await events();
    if (unset.some(({ clock }) => clock !== "unsynced")) faults.push("a time of 1970 was believed");
    if (unset.some(({ kind }) => kind === "watermark")) faults.push("a time of 1970 was promised");
    if ((await transitions()).length > 0) faults.push("a rule moved in 1970");
    await setClock(0);
    await untilFiring(transitions, "Warm", names);
    const set = await events();
    const resets = countResets(set);
    if (resets !== 1) faults.push(`${resets} resets for one step`);
    note(`booted in 1970: ${unset.length} events unsynced, then ${set.length - unset.length} more`);
    faults.push(...unexpectedTransitions(await transitions(), names));
    return [...faults, ...(await silence(site, names, note))];
  });
}

/** All devices fall silent in the end: a rule that was put to sleep by a step would not notice. */
async function silence(
  { endLoads, transitions }: ClockSite,
  names: readonly string[],
  note: Note,
): Promise<string[]> {
  await endLoads();
  const startedMs = systemClock.monotonicMs();
  const fired = await untilFiring(transitions, "Silent", names).then(
    () => true,
    () => false,
  );
  const seconds = (systemClock.monotonicMs() - startedMs) / 1_000;
  note(`real silence noticed after ${seconds.toFixed(1)} s`);
  return fired ? [] : ["devices fell silent and no rule noticed"];
}

async function untilFiring(
  transitions: ClockSite["transitions"],
  rule: string,
  names: readonly string[],
): Promise<void> {
  await waitUntil(
    async () => {
      const fired = (await transitions())
        .filter(isFiring(rule))
        .map(({ labels }) => labels["device"]);
      return names.every((name) => fired.includes(name));
    },
    `${rule} fires for ${names.join(", ")}`,
  );
}

function isFiring(rule: string): (transition: AlertTransition) => boolean {
  return (transition) => transition.rule.endsWith(`/${rule}`) && transition.state === "firing";
}

/** Everything that is not the one firing of `Warm` that each device has earned. */
function unexpectedTransitions(
  transitions: readonly AlertTransition[],
  names: readonly string[],
): string[] {
  const seen = new Set<string | undefined>();
  return transitions.flatMap((transition) => {
    const { labels, rule, state } = transition;
    const device = labels["device"];
    const earned = isFiring("Warm")(transition) && names.includes(device ?? "");
    if (earned && !seen.has(device)) {
      seen.add(device);
      return [];
    }
    return [`${rule} of ${device} is ${state}`];
  });
}

function countResets(events: readonly StoredEvent[]): number {
  return events.filter((event) => event.kind === "watermark" && event.data.reset === true).length;
}
