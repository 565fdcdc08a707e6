/** The world of plans as it is: the streams of a backbone. */
import type { Clock } from "../core/clock.ts";
import type { Command } from "../core/command.ts";
import { planSubject } from "../core/subject.ts";
import { appendTransition } from "../stream/alert-log.ts";
import type { Backbone } from "../stream/backbone.ts";
import { appendCancel, appendCommand } from "../stream/command-log.ts";
import { repliesOf } from "../stream/command-replies.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { appendChange, type PlanMessage, readLastChange } from "../stream/plan-log.ts";
import { alertsStreamContract, commandsStreamContract } from "../stream/stream-contract.ts";
import type { PlanRun } from "./plan-run.ts";
import type { PlanWorld, StoredRun } from "./plan-world.ts";
import { decodeRun, encodeRun } from "./run-document.ts";
import { stuckAlert } from "./stuck-alert.ts";

/** Replies are stored after their command was issued; the clocks may differ by so much. */
export const clockSlackMs = 3_600_000;

export interface StreamWorldDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export function createStreamWorld(deps: StreamWorldDependencies): PlanWorld {
  const { backbone, backboneOptions, clock, signal } = deps;
  const connected = (): ReturnType<Backbone["connected"]> => backbone.connected(signal);
  return {
    store: async (run, after) => appendChange(await connected(), run, encodeRun(run), after),
    async read(run) {
      const message = await readLastChange(await connected(), run);
      return message && { run: storedRunOf(message)?.run, streamSeq: message.streamSeq };
    },
    async issue(command) {
      const connection = await connected();
      await ensureStream(connection, commandsStreamContract(backboneOptions));
      await appendCommand(connection, command);
    },
    async takeBack({ device, gateway, id, site }, { by, reason }) {
      await appendCancel(await connected(), {
        ...{ id, site, gateway, device, by },
        issuedMs: clock.wallMs(),
        ...(reason !== undefined && { reason }),
      });
    },
    async repliesOf(command) {
      const stored = await repliesOf(await connected(), command, command.id, sinceMs(command));
      return stored.map(({ reply }) => reply);
    },
    async tellStuck(run) {
      const alert = stuckAlert(run, clock.wallMs());
      if (!alert) return;
      const connection = await connected();
      await ensureStream(connection, alertsStreamContract(backboneOptions));
      await appendTransition(connection, alert, undefined);
    },
  };
}

/** From when on, by the server's clock, replies to a command may be stored. */
export function sinceMs({ issuedMs }: Pick<Command, "issuedMs">): number {
  return issuedMs - clockSlackMs;
}

/** The run in a message; undefined for what is none, or stands under another's subject. */
export function storedRunOf({ body, natsSubject, streamSeq }: PlanMessage): StoredRun | undefined {
  const run: PlanRun | undefined = decodeRun(body);
  return run && planSubject(run.site, run.run) === natsSubject ? { run, streamSeq } : undefined;
}
