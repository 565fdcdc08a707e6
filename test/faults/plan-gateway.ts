/**
 * A gateway with its devices, played, that can be killed at any moment. What it has on disk it keeps: the
 * ids of commands and their steps. What it was about to do or to say is lost.
 */
import { setMaxListeners } from "node:events";
import { jetstream } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Command, CommandReply, CommandState } from "../../src/core/command.ts";
import { eventIdOf, toRunId, toSeq } from "../../src/core/ids.ts";
import { eventSubject, gatewayCommands } from "../../src/core/subject.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { readCommands } from "../../src/stream/command-log.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { origin } from "../support/gateway-stream.ts";

const lookEveryMs = 25;

/** What becomes of a command at its device. */
export interface Fate {
  readonly end: Extract<CommandState, "acknowledged" | "refused" | "timed-out" | "expired">;
  /** Whether the device did it. */
  readonly hasEffect: boolean;
}

/** One thing that a device did. */
export interface Effect {
  readonly command: Command;
}

export class PlayedPlanGateway {
  /** What devices did, in order. */
  readonly effects: Effect[] = [];
  readonly #backbone: Backbone;
  readonly #fateOf: (command: Command) => Fate;
  readonly #random: () => number;
  readonly #encode = createEventEncoder(origin);
  /** On disk: the last step of each command that was taken. */
  readonly #ledger = new Map<string, { readonly command: Command; readonly reply: CommandReply }>();
  /** On disk: what is to be sent, in order. */
  readonly #log: { readonly command: Command; readonly reply: CommandReply }[] = [];
  #sent = 0;
  #life = new AbortController();
  #living: Promise<unknown> = Promise.resolve();

  constructor(backbone: Backbone, fateOf: (command: Command) => Fate, random: () => number) {
    this.#backbone = backbone;
    this.#fateOf = fateOf;
    this.#random = random;
  }

  start(): void {
    const life = new AbortController();
    setMaxListeners(0, life.signal);
    this.#life = life;
    this.#living = Promise.all([this.#execute(life.signal), this.#forward(life.signal)]);
  }

  /** What is under way is dropped where it is. */
  async kill(): Promise<void> {
    this.#life.abort();
    await this.#living;
  }

  async #execute(life: AbortSignal): Promise<void> {
    // What had left before the kill, and has no end, is not known by anybody.
    for (const { command, reply } of [...this.#ledger.values()])
      if (!reply.final && reply.state === "sent") this.#note(command, "unknown");
    const { gateway, site } = origin;
    const sinceMs = systemClock.wallMs() - 3_600_000;
    while (!life.aborted) {
      const found: Command[] = [];
      try {
        const connection = await this.#backbone.connected(life);
        await readCommands(connection, gatewayCommands(site, gateway), sinceMs, (order) => {
          if (order.order === "command") found.push(order.command);
        });
      } catch {
        // Read again over the next connection.
      }
      const fresh = found.filter(({ id }) => this.#ledger.get(id)?.reply.final !== true);
      await Promise.all(fresh.map((command) => this.#do(command, life)));
      await sleep(systemClock, lookEveryMs, life);
    }
  }

  async #do(command: Command, life: AbortSignal): Promise<void> {
    const waitBriefly = (): Promise<void> => sleep(systemClock, this.#random() * 150, life);
    const { end, hasEffect } = this.#fateOf(command);
    await waitBriefly();
    if (life.aborted) return;
    if (!this.#ledger.has(command.id)) this.#note(command, "queued");
    await waitBriefly();
    if (life.aborted) return;
    if (end === "expired" || command.expiresMs <= systemClock.wallMs())
      return this.#note(command, "expired");
    this.#note(command, "sent");
    await waitBriefly();
    if (life.aborted) return;
    if (hasEffect) this.effects.push({ command });
    await waitBriefly();
    if (!life.aborted) this.#note(command, end);
  }

  #note(command: Command, state: CommandState): void {
    const step = (this.#ledger.get(command.id)?.reply.step ?? 0) + 1;
    const final = state !== "queued" && state !== "sent";
    const reply: CommandReply = { command: command.id, name: command.name, state, step, final };
    this.#ledger.set(command.id, { command, reply });
    this.#log.push({ command, reply });
  }

  async #forward(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      const next = this.#log[this.#sent];
      if (!next) {
        await sleep(systemClock, lookEveryMs, life);
        continue;
      }
      try {
        await this.#publish(next.command, next.reply, this.#sent + 1, life);
        this.#sent += 1;
      } catch {
        await sleep(systemClock, lookEveryMs, life);
      }
    }
  }

  async #publish(
    { device }: Command,
    data: CommandReply,
    seq: number,
    life: AbortSignal,
  ): Promise<void> {
    const timeMs = systemClock.wallMs();
    const id = eventIdOf(origin.gateway, toRunId("k3f9q2aa"), toSeq(seq));
    const carried = headers();
    carried.set("Ce-Id", id);
    const when = { timeMs, receivedMs: timeMs, clock: "gateway" } as const;
    const event = { kind: "reply", device, ...when, data } as const;
    const connection = await this.#backbone.connected(life);
    await jetstream(connection).publish(
      eventSubject({ ...origin, device, kind: "reply" }),
      this.#encode(event, id),
      { headers: carried, timeout: 2_000 },
    );
  }
}
