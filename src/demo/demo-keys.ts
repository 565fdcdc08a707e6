/** The demo in the hands of a person: one key, one thing that goes wrong, and what follows from it. */
import { sleep } from "../core/clock.ts";
import { alertLine } from "./alert-line.ts";
import { type DemoPlay, warmFreezer } from "./demo-script.ts";

/** The keyboard, from the first line of the demo on. */
export interface DemoKeys {
  /** Takes `u`, `k` and `d` from now on, and resolves at `q`. */
  play(play: DemoPlay): Promise<void>;
  /** Gives the terminal back. */
  close(): void;
}

const patienceMs = 60_000;

/**
 * Takes the terminal at once, so that keys pressed while the script plays are gone and do not act
 * later. Ctrl-C is then a key like others, and calls `interrupt`.
 */
export function openDemoKeys(stdin: NodeJS.ReadStream, interrupt: () => void): DemoKeys {
  let act: ((key: string) => void) | undefined;
  const take = (bytes: Buffer): void => {
    for (const key of bytes.toString("utf8")) {
      if (key === "\u0003") interrupt();
      else act?.(key);
    }
  };
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on("data", take);
  return {
    async play(play) {
      const done = new AbortController();
      const acts = actsOf(play);
      play.lines.page(
        "\nyour turn   u cable   k kill the gateway   d freezer door   q end with the proof",
      );
      const alerts = showAlerts(play, done.signal);
      let busy = Promise.resolve();
      await new Promise<void>((resolve, reject) => {
        act = (key) => {
          if (key === "q") resolve();
          else busy = busy.then(() => acts[key]?.()).catch(reject);
        };
      });
      act = undefined;
      done.abort();
      await Promise.all([busy, alerts]);
    },
    close() {
      stdin.off("data", take);
      stdin.setRawMode(false);
      stdin.pause();
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
