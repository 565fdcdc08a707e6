/**
 * A simulated actuator: does what it is told over MQTT and counts what it did, so that somebody can
 * compare it with what was said of the commands.
 *
 * It is told on `<family>/<id>/do` with `{"id": ..., "level": ...}`, and answers on `<family>/<id>/did`
 * with `{"id": ..., "ok": true}`, or with an `error` for a level above 100, which has no effect. What it
 * answered is said again until the broker has it. It says how often it did something on
 * `<family>/<id>/state` whenever it connects.
 */
import type { Clock, EpochMs, Timer } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";
import type { Random } from "../core/retry.ts";
import { DeviceLink } from "./device-link.ts";
import type { BrokerAddress, HandedOn } from "./mqtt-wire.ts";

const mostLevel = 100;

/** At which moment of a command it loses its power; the connection is gone then. */
export type Mishap = "before" | "between" | "behind";

export interface ActuatorSpec {
  /** The first word of its topics. */
  readonly family: string;
  readonly id: string;
  /** It does nothing twice that has the same id; else everything that comes is done. */
  readonly takesIds: boolean;
  readonly answers: boolean;
  readonly qos: 0 | 1;
  readonly keepsSession: boolean;
}

export interface ActuatorSurroundings {
  readonly broker: BrokerAddress;
  readonly clock: Clock;
  readonly random: Random;
  /** What goes wrong with the command that came; undefined for nothing. */
  readonly mishap: () => Mishap | undefined;
  /** How long it takes to do it. */
  readonly workMs: () => number;
}

/** Something that it was told, and did or did not do. */
export interface Deed {
  readonly command: string;
  readonly atMs: EpochMs;
  readonly did: boolean;
}

export class Actuator {
  readonly spec: ActuatorSpec;
  readonly #topic: string;
  /** All that came, in order. */
  readonly deeds: Deed[] = [];
  readonly #surroundings: ActuatorSurroundings;
  readonly #link: DeviceLink;
  readonly #known = new Set<string>();
  /** Answers that the broker does not have, by command. */
  readonly #answers = new Map<string, string>();
  readonly #sent = new Map<number, string>();
  readonly #working = new Set<Timer>();

  constructor(spec: ActuatorSpec, surroundings: ActuatorSurroundings) {
    const { family, id, keepsSession, qos } = spec;
    const { broker, clock, random } = surroundings;
    this.spec = spec;
    this.#topic = `${family}/${id}`;
    this.#surroundings = surroundings;
    const options = {
      ...{ broker, clock, random, keepsSession, clientId: `${family}-${id}` },
      will: { topic: `${this.#topic}/status`, payload: "offline" },
      listensTo: { filter: `${this.#topic}/do`, qos },
    };
    this.#link = new DeviceLink(options, {
      up: () => this.#greet(),
      down: () => this.#sent.clear(),
      acked: (packetId) => this.#answers.delete(this.#sent.get(packetId) ?? ""),
      message: (message) => this.#told(message),
    });
  }

  get isUp(): boolean {
    return this.#link.isUp;
  }

  /** How often it did something. */
  get effects(): number {
    return this.deeds.filter(({ did }) => did).length;
  }

  /** Connects, and comes back after each loss. */
  start(): void {
    this.#link.open();
  }

  /** Loses its power for a moment; what it knows it keeps. */
  cut(): void {
    this.#link.cut();
  }

  /** Goes away until `start`. */
  async leave(): Promise<void> {
    for (const timer of this.#working) timer.cancel();
    this.#working.clear();
    await this.#link.close();
  }

  #greet(): void {
    this.#link.publish(`${this.#topic}/state`, JSON.stringify({ effects: this.effects }));
    for (const [command, answer] of this.#answers) this.#say(command, answer);
  }

  #told(message: HandedOn): void {
    const order = readOrder(message.payload);
    const mishap = this.#surroundings.mishap();
    if (mishap === "before") this.#link.cut();
    if (mishap === "before" || order === undefined) return;
    const command = String(order["id"]);
    const isTaken = Number(order["level"]) <= mostLevel;
    const did = isTaken && !(this.spec.takesIds && this.#known.has(command));
    this.#known.add(command);
    this.deeds.push({ command, atMs: this.#surroundings.clock.wallMs(), did });
    if (mishap === "between") this.#link.cut();
    else {
      this.#link.acknowledge(message);
      const answer = isTaken ? { id: command, ok: true } : { id: command, error: "above 100" };
      if (this.spec.answers) this.#answerSoon(command, JSON.stringify(answer), mishap);
    }
  }

  #answerSoon(command: string, answer: string, mishap: Mishap | undefined): void {
    const timer = this.#surroundings.clock.setTimer(this.#surroundings.workMs(), () => {
      this.#working.delete(timer);
      this.#answers.set(command, answer);
      if (mishap === "behind") this.#link.cut();
      else if (this.#link.isUp) this.#say(command, answer);
    });
    this.#working.add(timer);
  }

  #say(command: string, answer: string): void {
    this.#sent.set(this.#link.publish(`${this.#topic}/did`, answer), command);
  }
}

function readOrder(payload: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const order: unknown = JSON.parse(payload);
    return isObject(order) ? order : undefined;
  } catch {
    return undefined;
  }
}
