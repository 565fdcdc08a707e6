/** An edge node of Sparkplug B with two devices, over real MQTT, and what goes wrong with it. */
import type { Clock, Timer } from "../../core/clock.ts";
import type { Random } from "../../core/retry.ts";
import { DeviceLink } from "../device-link.ts";
import type { BrokerAddress } from "../mqtt-wire.ts";
import { type NodeMessage, type NodeName, NodeSession } from "./node-session.ts";
import { members } from "./plant.ts";

/** Shares are from 0 to 1, of messages with data; all may change while the node runs. */
export interface NodeMisbehavior {
  /** Counted, and not sent. */
  readonly lost: number;
  /** By an alias that no birth told of. */
  readonly unknownAlias: number;
  /** End before their end. */
  readonly cut: number;
  /** Each birth gives its metrics other aliases. */
  readonly movesAliases: boolean;
  /** Does not answer when it is asked to be born again. */
  readonly isDeaf: boolean;
}

export const wellBehavedNode: NodeMisbehavior = {
  lost: 0,
  unknownAlias: 0,
  cut: 0,
  movesAliases: false,
  isDeaf: false,
};

export interface NodeCounts {
  readonly births: number;
  readonly data: number;
  readonly lost: number;
  readonly cut: number;
  readonly unknownAliases: number;
  /** How often it was asked to be born again. */
  readonly asked: number;
  readonly restarts: number;
}

export interface NodeSimulatorOptions extends NodeName {
  readonly broker: BrokerAddress;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly misbehavior?: Partial<NodeMisbehavior>;
}

export class NodeSimulator {
  readonly #options: NodeSimulatorOptions;
  readonly #session: NodeSession;
  readonly #link: DeviceLink;
  readonly #counts = {
    ...{ births: 0, data: 0, lost: 0, cut: 0, unknownAliases: 0, asked: 0, restarts: 0 },
  };
  #misbehavior: NodeMisbehavior;
  #timer: Timer | undefined;
  #at = 0;

  constructor(options: NodeSimulatorOptions) {
    const { broker, clock, group, node, random } = options;
    this.#options = options;
    this.#misbehavior = { ...wellBehavedNode, ...options.misbehavior };
    this.#session = new NodeSession({ group, node }, random);
    const command = `spBv1.0/${group}/NCMD/${node}`;
    const will = () => ({ ...this.#session.nextDeath(clock.wallMs()), retain: false });
    this.#link = new DeviceLink(
      {
        ...{ broker, clientId: `${group}-${node}`, will, clock, random },
        listensTo: { filter: command, qos: 0 },
      },
      {
        up: () => {
          this.bear();
          this.#again();
        },
        down: () => this.#timer?.cancel(),
        acked: () => {},
        message: () => this.#asked(),
      },
    );
  }

  start(): void {
    this.#link.open();
  }

  get trouble(): string | undefined {
    return this.#link.trouble;
  }

  get isUp(): boolean {
    return this.#link.isUp;
  }

  counts(): NodeCounts {
    return { ...this.#counts };
  }

  misbehave(differs: Partial<NodeMisbehavior>): void {
    this.#misbehavior = { ...this.#misbehavior, ...differs };
  }

  /** Says all its births, as at the beginning and when it is asked. */
  bear(): void {
    for (const message of this.#session.births(this.#nowMs(), this.#misbehavior.movesAliases))
      this.#send(message);
    this.#counts.births += 1;
  }

  /** One message with data of the next member. */
  measure(): void {
    const { cut, lost, unknownAlias } = this.#misbehavior;
    const member = members[this.#at++ % members.length] ?? "";
    const isUnknown = this.#happens(unknownAlias);
    const message = this.#session.data(member, this.#nowMs(), isUnknown);
    if (isUnknown) this.#counts.unknownAliases += 1;
    this.#counts.data += 1;
    if (this.#happens(lost)) {
      this.#counts.lost += 1;
      return;
    }
    const isCut = this.#happens(cut);
    if (isCut) this.#counts.cut += 1;
    const { payload, topic } = message;
    const length = Math.floor(payload.length * this.#options.random());
    this.#send({ topic, payload: isCut ? payload.subarray(0, length) : payload });
  }

  /** Goes and comes back; `dies`: the broker says that it is gone, or nobody does. */
  restart(dies: boolean): void {
    if (!this.#link.isUp) return;
    this.#counts.restarts += 1;
    if (dies) this.#link.cut();
    else this.#link.leave();
  }

  /** Dies in words, and goes. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    if (this.#link.isUp) this.#send(this.#session.death(this.#nowMs()));
    await this.#link.close();
  }

  #asked(): void {
    this.#counts.asked += 1;
    if (!this.#misbehavior.isDeaf) this.bear();
  }

  #again(): void {
    const { clock, everyMs } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.setTimer(everyMs, () => {
      this.measure();
      this.#again();
    });
  }

  #send({ payload, topic }: NodeMessage): void {
    this.#link.say(topic, payload);
  }

  #happens(share: number): boolean {
    return share > 0 && this.#options.random() < share;
  }

  #nowMs(): number {
    return this.#options.clock.wallMs();
  }
}
