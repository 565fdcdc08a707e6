/** The demo in the hands of a person: one key, one thing that goes wrong. */
import { type DemoPlay, warmFreezer } from "./demo-script.ts";

/** Reads keys until `q` or Ctrl-C; needs a terminal. */
export function playKeys({ lines, stage }: DemoPlay): Promise<void> {
  let plugged = true;
  let doorOpen = false;
  const keys: Readonly<Record<string, () => void | Promise<void>>> = {
    u: () => {
      plugged = !plugged;
      if (plugged) stage.cable.plug();
      else stage.cable.unplug();
      lines.say(plugged ? "⚯ cable plugged in" : "✂ cable unplugged");
    },
    k: async () => {
      await stage.killGateway();
      await stage.startGateway();
      lines.say("⚡ gateway killed with SIGKILL and started again");
    },
    d: () => {
      doorOpen = !doorOpen;
      const freezer = stage.fleet.device(warmFreezer);
      if (doorOpen) freezer.openDoor();
      else freezer.closeDoor();
      lines.say(`${warmFreezer} door ${doorOpen ? "opened" : "closed"}`);
    },
  };
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.resume();
  lines.page("\nyour turn   u cable   k kill the gateway   d door   q end with the proof");
  return new Promise((resolve) => {
    let busy = Promise.resolve();
    const take = (bytes: Buffer): void => {
      for (const key of bytes.toString("utf8")) {
        if (key === "q" || key === "\u0003") {
          stdin.off("data", take);
          stdin.setRawMode(false);
          stdin.pause();
          busy.then(resolve);
          return;
        }
        busy = busy.then(() => keys[key]?.());
      }
    };
    stdin.on("data", take);
  });
}
