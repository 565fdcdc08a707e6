/** Signals of the system, as a process of ours takes them. */
import { isatty } from "node:tty";

/** What a daemon is told, from before its start on. */
export interface HeardSignals {
  /** Resolves at the signal to end. */
  readonly told: Promise<NodeJS.Signals>;
  /** It runs: `reload` is called for each SIGHUP from now on, and at once for those that came before. */
  begin(reload: () => void): void;
}

/** Call it before anything is started: a signal that nobody takes ends the process where it stands. */
export function hearSignals(): HeardSignals {
  let running: (() => void) | undefined;
  let isDue = false;
  const told = untilSignal(() => {
    if (running) running();
    else isDue = true;
  });
  return {
    told,
    begin(reload) {
      running = reload;
      if (isDue) reload();
    },
  };
}

/**
 * Resolves at SIGTERM or SIGINT; a second one ends the process at once, since whoever sends it does not
 * want to wait. SIGHUP says that the terminal went away, which is the end, too; a daemon has none, and
 * calls `reload` then. Call it before anything is started that must be stopped in order.
 */
export function untilSignal(reload?: () => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const take = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal);
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, take);
    const hasTerminal = isatty(0) || isatty(2);
    process.on("SIGHUP", hasTerminal || !reload ? take : reload);
  });
}
