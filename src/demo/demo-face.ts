/** How the demo meets people: on a screen, or in lines; with keys, or without. */
import type { Clock } from "../core/clock.ts";
import { canDraw, lookOf, type Surroundings } from "../screen/look.ts";
import { createDemoKeys, type DemoKeys, keyWords } from "./demo-keys.ts";
import { DemoScreen } from "./demo-screen.ts";
import type { DemoPlay } from "./demo-script.ts";
import { foldLine } from "./fold-line.ts";
import { takeKeys } from "./raw-keys.ts";

export interface DemoFace {
  /** Says a line. */
  page(line: string): void;
  /** It plays from now on. */
  begin(play: DemoPlay): void;
  /** Keys count from now on, until `q`; resolves at once where nobody can press any. */
  handOver(play: DemoPlay): Promise<void>;
  /** Nobody can do anything any more: it comes to its proof. */
  prove(): void;
  /** Gives the terminal back. */
  close(): Promise<void>;
}

export interface DemoFaceParts {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  /** Plays alone, and prints lines as it does without a terminal. */
  readonly isScript: boolean;
  /** Ctrl-C. */
  readonly interrupt: () => void;
  /** The terminal is gone. */
  readonly hangUp: () => void;
}

/** Takes the terminal at once, where there is one. */
export function openDemoFace(parts: DemoFaceParts): DemoFace {
  const { interrupt, isScript, stdin, stdout, surroundings } = parts;
  if (isScript || !stdin.isTTY) return linesFace(parts, undefined);
  const keys = createDemoKeys(interrupt);
  const isScreen = canDraw(stdin, stdout, surroundings);
  return isScreen ? screenFace(parts, keys) : linesFace(parts, keys);
}

function linesFace({ clock, stdin, stdout }: DemoFaceParts, keys: DemoKeys | undefined): DemoFace {
  const page = (line: string): void => printLine(stdout, line);
  const giveBack = keys && takeKeys(stdin, clock, keys.press);
  return {
    page,
    begin() {},
    async handOver(play) {
      if (keys === undefined) return;
      page(`\nyour turn   ${keyWords}`);
      await keys.play(play);
    },
    prove() {},
    async close() {
      giveBack?.();
    },
  };
}

function screenFace(parts: DemoFaceParts, keys: DemoKeys): DemoFace {
  const { clock, hangUp, stdin, stdout, surroundings } = parts;
  const look = lookOf(surroundings);
  const screen = new DemoScreen({
    ...{ stdin, stdout, clock, look },
    onKey: keys.press,
    onGone: hangUp,
  });
  screen.open();
  return {
    page: (line) => screen.say(line),
    begin(play) {
      screen.offer("the script plays; keys count when it is over   Ctrl-C ends");
      screen.watch(play);
    },
    async handOver(play) {
      screen.say(`\nyour turn   ${keyWords}`);
      screen.offer(keyWords);
      await keys.play(play);
    },
    prove: () => screen.offer("everything goes out, and is counted   Ctrl-C ends"),
    close: () => screen.close((line) => printLine(stdout, line)),
  };
}

/** Folded to a terminal; whole for whoever reads it by program. */
function printLine(stdout: NodeJS.WriteStream, line: string): void {
  stdout.write(`${foldLine(line, stdout.isTTY ? stdout.columns : undefined)}\n`);
}
