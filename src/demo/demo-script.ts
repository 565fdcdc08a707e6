/**
 * The script: an outage with everything that can go wrong in it, and what becomes visible when it
 * is over. Each act waits for what it claims, so a slow machine tells the same story more slowly.
 */
import { type Clock, sleep } from "../core/clock.ts";
import { formatSize } from "../core/size.ts";
import { formatQuantity } from "../core/unit.ts";
import { idOfSimulated } from "../simulate/device-id.ts";
import { alertLine } from "./alert-line.ts";
import type { DemoEye } from "./demo-eye.ts";
import type { DemoLines } from "./demo-lines.ts";
import type { DemoStage } from "./demo-stage.ts";

/** The freezer whose door is opened while nobody outside can know. */
export const warmFreezer = "freezer-07";

const patienceMs = 60_000;

export interface DemoPlay {
  readonly stage: DemoStage;
  readonly eye: DemoEye;
  readonly lines: DemoLines;
  readonly clock: Clock;
  readonly speed: number;
  readonly startedMs: number;
  /** Where the console is served; absent where it is not. */
  readonly console?: string | undefined;
}

/** Plays the script once; gives what went other than promised, in sentences. */
export async function playScript(play: DemoPlay): Promise<string[]> {
  const { clock, eye, lines, speed, stage, startedMs } = play;
  const faults: string[] = [];
  const act = (scriptSeconds: number): Promise<void> =>
    sleep(clock, startedMs + (scriptSeconds * 1_000) / speed - clock.wallMs());

  await act(3);
  const flowing = await stage.statusWhere(({ flow }) => flow.received > 0, patienceMs);
  lines.say(
    `events    ${flowing.flow.received} received, ${flowing.buffer.waitingRecords} waiting   Link: ${flowing.link.kind}`,
  );

  await act(12);
  stage.cable.unplug();
  const unpluggedMs = clock.wallMs();
  const cut = await stage.statusWhere(({ link }) => link.kind === "offline", patienceMs);
  lines.say(`✂ cable unplugged            Link: ${cut.link.kind}`);

  await act(14);
  const kept = await stage.statusWhere(({ buffer }) => buffer.waitingRecords > 0, patienceMs);
  lines.say(
    `buffer    ${kept.buffer.waitingRecords} events on disk (${formatSize(kept.buffer.sizeBytes)}), nothing lost`,
  );

  await act(17);
  stage.fleet.device(warmFreezer).openDoor();
  lines.say(`${warmFreezer} door opened (simulated; nobody outside can know yet)`);

  await act(24);
  await stage.killGateway();
  await stage.startGateway();
  const again = await stage.statusWhere(({ buffer }) => buffer.waitingRecords > 0, patienceMs);
  lines.say(
    `⚡ gateway killed (SIGKILL) and started: ${again.buffer.waitingRecords} events still there`,
  );

  await act(34);
  const waiting = (await stage.status())?.buffer.waitingRecords ?? 0;
  stage.cable.plug();
  const pluggedMs = clock.wallMs();
  lines.say("⚯ cable plugged in");
  await stage.statusWhere(({ link }) => link.kind === "linked", patienceMs);
  const drainSeconds = ((clock.wallMs() - pluggedMs) / 1_000).toFixed(1);
  lines.say(`drained ${waiting} events within ${drainSeconds} s of the plug     Link: linked`);

  const fired = await eye.transition(
    ({ labels, rule, state }) =>
      rule.endsWith("/FreezerWarm") &&
      state === "firing" &&
      labels["device"] === idOfSimulated(warmFreezer),
    patienceMs,
  );
  if (fired) {
    lines.say(alertLine(fired, lines));
    if (!fired.late) faults.push("the alert that fired in the outage is not marked late");
    const inside =
      Date.parse(fired.fired_at) > unpluggedMs && Date.parse(fired.fired_at) < pluggedMs;
    if (!inside) faults.push("the alert does not carry a time inside the outage");
  } else {
    faults.push("the alert of the open door never came");
  }

  stage.fleet.device(warmFreezer).closeDoor();
  await act(36);
  const silent = (await eye.transitions()).filter(({ rule }) => rule.endsWith("/DeviceSilent"));
  const outage = Math.round(((pluggedMs - unpluggedMs) * speed) / 1_000);
  lines.say(`${silent.length} false "device silent" alerts for the ${outage} s outage`);
  if (silent.length > 0) faults.push("devices were called silent that were not");

  const ended = await eye.transition(
    ({ episode, state }) => state === "ended" && episode === fired?.episode,
    patienceMs,
  );
  if (fired && ended) {
    const times = await eye.notifications(fired);
    const value = ended.value === undefined ? "normal" : formatQuantity(ended.value, ended.unit);
    lines.say(
      `${warmFreezer} back at ${value}, alert ended, its firing was notified ${times === 1 ? "once" : `${times} times`}`,
    );
    if (times !== 1) faults.push(`the alert was notified ${times} times`);
  } else if (fired) {
    faults.push("the alert did not end when the freezer was cold again");
  }
  return faults;
}
