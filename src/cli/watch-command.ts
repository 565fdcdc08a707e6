/** Waits for the end of a command, and prints each of its steps as it comes. */
import type { CommandDesk } from "../app/command-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Command, CommandReply } from "../core/command.ts";
import { printable } from "../core/printable.ts";
import { exitStatusOf } from "./command-exit.ts";
import { stepLine } from "./commands-text.ts";
import { answerText } from "./print-answer.ts";

export interface WatchOptions {
  readonly output?: "text" | "json";
  /** Undefined: as long as it takes. */
  readonly timeoutMs: number | undefined;
}

/** What a command without an end is left with: its state so far, and what to do. */
function sayStands(id: string, why: string): void {
  process.stderr.write(
    `${why}; the command stands: sluicegate commands show ${id} tells how it goes, ` +
      `sluicegate commands cancel ${id} takes it back\n`,
  );
}

const interrupted = 130;
/** A gateway that is there says of a command that it has expired; so long it may take to get here. */
const silentMs = 60_000;

/** Gives its last step, and sets the exit status: 0 done, 7 not in time, 10 to 13 without effect, 14 and 15 nobody knows. */
export async function watchCommand(
  desk: Pick<CommandDesk, "follow">,
  command: Pick<Command, "device" | "gateway" | "id" | "site"> &
    Partial<Pick<Command, "expiresMs">>,
  storedMs: EpochMs,
  { output, timeoutMs }: WatchOptions,
): Promise<CommandReply | undefined> {
  const ending = new AbortController();
  const interrupt = (): void => ending.abort("interrupted");
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const late = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
  const silence = new AbortController();
  const signal = AbortSignal.any([ending.signal, silence.signal, ...late]);
  let last: CommandReply | undefined;
  const { expiresMs = Number.POSITIVE_INFINITY } = command;
  const timer = systemClock.setTimer(expiresMs + silentMs - systemClock.wallMs(), () => {
    if (last === undefined || last.state === "queued") silence.abort();
  });
  for await (const step of desk.follow(command, storedMs, signal)) {
    last = step.reply;
    const { reply, timeMs } = step;
    const line =
      output === "json"
        ? answerText("command-step/1", { ...reply, timeMs })
        : printable(stepLine(step));
    process.stdout.write(`${line}\n`);
  }
  timer.cancel();
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
  process.exitCode = ending.signal.aborted ? interrupted : exitStatusOf(last);
  if (last?.final !== true && silence.signal.aborted)
    process.stderr.write(
      `its time is over, and ${command.gateway} has not said how it ended: it may be away; sluicegate commands show ${command.id} tells once it has\n`,
    );
  else if (last?.final !== true)
    sayStands(command.id, ending.signal.aborted ? "not waited for any more" : "it has no end yet");
  return last;
}
