/** The demo in the hands of a person: one key, one thing that goes wrong, and what follows from it. */
import { sleep } from "../core/clock.ts";
import { alertLine } from "./alert-line.ts";
import { type DemoPlay, warmFreezer } from "./demo-script.ts";

/** The keyboard, from the first line of the demo on. */
export interface DemoKeys {
  /** A key was pressed. Before it is anybody's turn, and while a key is at work, it is gone. */
  press(key: string): void;
  /** Takes `u`, `k` and `d` from now on, and resolves at `q`. */
  play(play: DemoPlay): Promise<void>;
}

export const keyWords = "u cable   k kill the gateway   d freezer door   q end with the proof";

const patienceMs = 60_000;

/** Ctrl-C is a key like others here, and calls `interrupt`. */
export function createDemoKeys(interrupt: () => void): DemoKeys {
  let act: ((key: string) => void) | undefined;
  return {
    press(key) {
      if (key === "ctrl-c") interrupt();
      else act?.(key);
    },
    async play(play) {
      const done = new AbortController();
      const acts = actsOf(play);
      const alerts = showAlerts(play, done.signal);
      let busy: Promise<void> | undefined;
      await new Promise<void>((resolve, reject) => {
        act = (key) => {
          if (key === "q") resolve();
          if (busy !== undefined) return;
          busy = acts[key]?.()
            .catch(reject)
            .finally(() => {
              busy = undefined;
            });
        };
      });
      act = undefined;
      done.abort();
      await Promise.all([busy, alerts]);
    },
  };
}
function actsOf({ clock, lines, stage }: DemoPlay): Readonly<Record<string, () => Promise<void>>> {
  let plugged = true;
  let doorOpen = false;
  return {
    async u() {
      plugged = !plugged;
      if (!plugged) {
        stage.cable.unplug();
        await stage.statusWhere(({ link }) => link.kind === "offline", patienceMs);
        lines.say("✂ cable unplugged   Link: offline; events wait on disk   u plugs it in");
        return;
      }
      const waiting = (await stage.status())?.buffer.waitingRecords ?? 0;
      const pluggedMs = clock.wallMs();
      stage.cable.plug();
      lines.say("⚯ cable plugged in");
      await stage.statusWhere(({ link }) => link.kind === "linked", patienceMs);
      const seconds = ((clock.wallMs() - pluggedMs) / 1_000).toFixed(1);
      lines.say(`drained ${waiting} events within ${seconds} s of the plug   Link: linked`);
    },
    async k() {
      await stage.killGateway();
      await stage.startGateway();
      // What comes next needs a gateway that has looked at the stream; without a cable it cannot.
      if (plugged) await stage.statusWhere(({ link }) => link.kind === "linked", patienceMs);
      const { buffer, link } = await stage.statusWhere(() => true, patienceMs);
      lines.say(
        `⚡ gateway killed (SIGKILL) and started: ${buffer.waitingRecords} events wait   Link: ${link.kind}`,
      );
    },
    async d() {
      doorOpen = !doorOpen;
      const freezer = stage.fleet.device(warmFreezer);
      if (doorOpen) freezer.openDoor();
      else freezer.closeDoor();
      const next = plugged ? "" : ", once the cable is in";
      lines.say(
        doorOpen
          ? `${warmFreezer} door opened: it warms up, an alert follows${next}   d closes it`
          : `${warmFreezer} door closed: it cools down, the alert ends${next}`,
      );
    },
  };
}

/** Prints each transition that is stored from now on. */
async function showAlerts({ clock, eye, lines }: DemoPlay, done: AbortSignal): Promise<void> {
  let shown = (await eye.transitions()).length;
  while (!done.aborted) {
    const all = await eye.transitions();
    for (const transition of all.slice(shown)) lines.say(alertLine(transition, lines));
    shown = Math.max(shown, all.length);
    await sleep(clock, 500, done);
  }
}
