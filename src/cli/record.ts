/** `sluicegate record`: events as they stand in the streams, one a line. */
import { systemClock } from "../app/system-clock.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { eventKinds, isEventKind } from "../core/event-kind.ts";
import { recordedLine } from "../past/recorded-line.ts";
import { atPastDesk, untilStopped } from "./at-past-desk.ts";
import { type EntryOptions, entryFilterOf } from "./entry-flags.ts";
import { openRecording } from "./recording-file.ts";

export interface RecordOptions extends EntryOptions {
  readonly output: string;
}

/** Writes until the streams end, or with `--follow` until Ctrl-C. */
export async function record(options: RecordOptions): Promise<void> {
  const { follow = false, output } = options;
  const filter = entryFilterOf(options, {
    kinds: new Set(Object.keys(eventKinds).filter(isEventKind)),
    sinceMs: follow ? systemClock.wallMs() : Number.NEGATIVE_INFINITY,
    untilMs: Number.POSITIVE_INFINITY,
  });
  const other = [...filter.kinds].find((kind) => !isEventKind(kind));
  if (other !== undefined)
    throw new GatewayError("usage", `--kind ${other}: a recording holds events of gateways only`);
  const signal = untilStopped();
  await atPastDesk(options, "sluicegate-record", async (desk) => {
    await desk.connected(signal);
    const sink = await openRecording(output);
    let written = 0;
    let left = 0;
    try {
      const onCaughtUp = (): Promise<void> => sink.flush();
      for await (const entry of desk.read({ filter, follow, signal, onCaughtUp })) {
        const line = recordedLine(entry.text, entry.message);
        if (line === undefined) left += 1;
        else {
          await sink.write(line);
          written += 1;
        }
      }
    } finally {
      await sink.flush();
      await sink.close();
    }
    const strays = desk.strays + left;
    const passed = strays === 0 ? "" : `, ${counted(strays, "message")} passed over: no events`;
    process.stderr.write(`(${counted(written, "event")} recorded${passed})\n`);
    if (signal.aborted && !follow) process.exitCode = 130;
  });
}
