/** `sluicegate alerts watch`: each change and each action as it comes. */
import type { AlertDesk } from "../app/alert-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import type { AlertTransition } from "../core/alert.ts";
import { silentLogger } from "../core/logger.ts";
import { printable } from "../core/printable.ts";
import { openAlertReader } from "../stream/alert-reader.ts";
import { openOperatorReader } from "../stream/operator-reader.ts";
import type { SteadyReader } from "../stream/steady-reader.ts";
import { type Chapter, chapterCells } from "./alert-story.ts";
import { nameOfAlert } from "./alerts-text.ts";
import { type AlertsOptions, atAlertDesk } from "./at-alert-desk.ts";
import { answerText } from "./print-answer.ts";

/** Prints until Ctrl-C. */
export async function watchAlerts(options: AlertsOptions): Promise<void> {
  await atAlertDesk(options, async (desk) => {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
    await follow(desk, ending.signal, options);
  });
}

async function follow(
  desk: AlertDesk,
  signal: AbortSignal,
  { output }: AlertsOptions,
): Promise<void> {
  const { heads, lastSeq } = await desk.read();
  process.stderr.write("(each change and each action from now on; Ctrl-C ends)\n");
  const names = new Map<string, AlertTransition>(heads);
  const { backbone, backboneOptions } = desk;
  const common = { clock: systemClock, logger: silentLogger, random: Math.random };
  const deps = { backbone, backboneOptions, ...common };
  let isOther = false;
  const onAnew = (): void => {
    isOther = true;
  };
  const print = (chapter: Chapter): void => {
    if (!isOther && chapter.streamSeq <= lastSeq) return;
    const { instance } = "transition" in chapter ? chapter.transition : chapter.action;
    if ("transition" in chapter) names.set(instance, chapter.transition);
    const [at = "", what = "", words = ""] = chapterCells(chapter);
    const about = names.get(instance);
    const name = about ? nameOfAlert(about) : instance;
    const plain =
      "transition" in chapter
        ? { transition: chapter.transition }
        : { action: chapter.action, storedMs: chapter.storedMs };
    const line =
      output === "json"
        ? answerText("alert-chapter/1", plain)
        : printable(`${at}  ${name}  ${what}  ${words}`);
    process.stdout.write(`${line}\n`);
  };
  await Promise.all([
    each(openAlertReader(undefined, signal, deps, onAnew), print),
    each(openOperatorReader(undefined, signal, deps, onAnew), print),
  ]);
}

async function each<Entry>(
  reader: SteadyReader<readonly Entry[]>,
  take: (entry: Entry) => void,
): Promise<void> {
  for (;;) {
    const batch = await reader.next();
    if (!batch) return;
    for (const entry of batch) take(entry);
  }
}
