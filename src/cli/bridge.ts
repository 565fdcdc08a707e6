/** `sluicegate bridge ls|aside|skip`: what is carried on to other systems, and what is not. */
import { type BridgeDesk, openBridgeDesk } from "../app/bridge-desk.ts";
import { backboneServersOf } from "./backbone-servers.ts";
import { type ChangeOptions, isMeant } from "./is-meant.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { siteOf } from "./site.ts";

export interface BridgeOptions {
  readonly config: string;
  readonly nats?: string;
  readonly output: "text" | "json";
}

export type SkipOptions = BridgeOptions & ChangeOptions & { readonly reason: string };

/** Prints how far each target is. */
export async function listTargets(options: BridgeOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const targets = await desk.targets();
    printAnswer(options, "bridge/1", { targets }, () =>
      tableLines([
        ["TARGET", "KIND", "BEHIND", "REFUSED", "SKIPPED", "MISSED"],
        ...targets.map(({ behind, kind, missed, refused, skipped, target }) => [
          ...[target, kind],
          ...[behind, refused, skipped, missed].map(String),
        ]),
      ]),
    );
  });
}

/** Prints what targets never got. */
export async function listAside(target: string | undefined, options: BridgeOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const all = await desk.aside();
    const aside = all.filter((one) => target === undefined || one.target === target);
    printAnswer(options, "bridge-aside/1", { aside }, () =>
      aside.length === 0
        ? ["nothing was set aside"]
        : tableLines(
            aside.map(({ at, events, id, kind, reason, stream, streamSeq, target: to }) => [
              ...[at, to, kind, id, streamSeq === undefined ? stream : `${stream}:${streamSeq}`],
              ...[String(events), reason],
            ]),
          ),
    );
  });
}

/** Wants an event set aside. */
export async function skipEvent(target: string, id: string, options: SkipOptions): Promise<void> {
  if (!(await isMeant(`set ${id} aside, which ${target} never gets then`, options))) return;
  await atDesk(options, async (desk) => {
    await desk.skip(target, id, options.reason);
    printAnswer(options, "bridge-skip/1", { target, id }, () => [
      `${id} is set aside within seconds, where it is the one that does not go`,
    ]);
  });
}

async function atDesk(
  options: BridgeOptions,
  work: (desk: BridgeDesk) => Promise<void>,
): Promise<void> {
  const site = await siteOf(options.config);
  const desk = await openBridgeDesk(site, await backboneServersOf(site, options));
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}
