/** A gateway and its devices, played: it takes each command once, by its id, and says what became of it. */
import { jetstream } from "@nats-io/jetstream";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Command, CommandReply, CommandState } from "../../src/core/command.ts";
import { toRunId, toSeq } from "../../src/core/ids.ts";
import { gatewayCommands } from "../../src/core/subject.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { readCommands } from "../../src/stream/command-log.ts";
import { backboneOptionsFor, connectionOf } from "../support/backbone.ts";
import { makeGatewayStream, origin, publishEvent } from "../support/gateway-stream.ts";

/** The last word of a command; undefined where none is said. */
export type Decide = (
  command: Command,
) => CommandState | undefined | Promise<CommandState | undefined>;

export interface PlayedGateway {
  /** Commands that had an effect, in order. */
  readonly effects: readonly Command[];
  /** Every command that was read, as often as it stood in the stream. */
  readonly read: readonly string[];
}

export async function playGateway(
  url: string,
  backbone: Backbone,
  decide: Decide,
): Promise<PlayedGateway> {
  const connection = await connectionOf(backbone);
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const client = jetstream(connection);
  const effects: Command[] = [];
  const read: string[] = [];
  const known = new Set<string>();
  const ending = new AbortController();
  const sinceMs = systemClock.wallMs() - 60_000;
  let streamSeq = 0;
  let seq = 0;
  const say = (command: Command, reply: Omit<CommandReply, "command" | "name">): Promise<void> => {
    seq += 1;
    const timeMs = systemClock.wallMs();
    const data = { command: command.id, name: command.name, ...reply };
    const { device } = command;
    const event = {
      kind: "reply",
      device,
      timeMs,
      receivedMs: timeMs,
      clock: "gateway",
      data,
    } as const;
    return publishEvent(client, event, { run: toRunId("k3f9q2aa"), seq: toSeq(seq) });
  };
  const take = async (command: Command): Promise<void> => {
    read.push(command.id);
    if (known.has(command.id)) return;
    known.add(command.id);
    await say(command, { state: "queued", step: 1, final: false });
    const isLate = command.expiresMs <= systemClock.wallMs();
    const state = isLate ? "expired" : await decide(command);
    if (state === "acknowledged" || state === undefined) effects.push(command);
    if (state) await say(command, { state, step: 2, final: true, text: `it is ${state}` });
  };
  const play = async (): Promise<void> => {
    const { gateway, site } = origin;
    while (!ending.signal.aborted) {
      const found: Command[] = [];
      await readCommands(connection, gatewayCommands(site, gateway), sinceMs, (order) => {
        if (order.streamSeq <= streamSeq || order.order !== "command") return;
        streamSeq = order.streamSeq;
        found.push(order.command);
      });
      for (const command of found) await take(command);
      await sleep(systemClock, 20, ending.signal);
    }
  };
  const playing = play().catch(() => undefined);
  onTestFinished(async () => {
    ending.abort();
    await playing;
  });
  return { effects, read };
}
