/** One simulated device: a machine, its sensor, and a client that forgets nothing unacknowledged. */
import type { Clock, Timer } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Random } from "../core/retry.ts";
import { DeviceLink } from "./device-link.ts";
import { type FreezerState, obeyOrder, usualSetPoint } from "./freezer-orders.ts";
import type { BrokerAddress } from "./mqtt-wire.ts";
import { type NumberRange, NumberRanges } from "./number-ranges.ts";
import { Outbox } from "./outbox.ts";
import { numberMetric } from "./proof.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createSensor, type Family, type Faults, healthy, type Sensor } from "./sensor.ts";

export interface DeviceSpec {
  readonly id: string;
  readonly family: Family;
  /** Time between two readings in the life of the device. */
  readonly everyMs: number;
  /** Default: healthy. */
  readonly faults?: Partial<Faults>;
}

export interface DeviceSurroundings {
  readonly broker: BrokerAddress;
  /** Goes into every event; another start of the same device has another. */
  readonly boot: string;
  /** How many times faster than the wall clock the device lives. */
  readonly speed: number;
  /** Events that may wait for their PUBACK at once. */
  readonly window: number;
  /** Events that are kept; a full device makes no readings until it can keep them. */
  readonly capacity: number;
  readonly clock: Clock;
  /** Two devices with the same seed and id live the same life, however their connections fare. */
  readonly seed: string;
}

/** What a device did so far. */
export interface DeviceReport {
  readonly id: string;
  readonly connected: boolean;
  /** Why it is not connected, for people. */
  readonly trouble: string | undefined;
  /** Events were numbered from 1 to here. */
  readonly made: number;
  /** How many of these numbers hold a PUBACK. */
  readonly acked: number;
  readonly ackedRanges: readonly NumberRange[];
  /** Kept without a PUBACK. */
  readonly waiting: number;
  /** Events sent once more after a cut. */
  readonly resent: number;
  /** Readings that were never made, and have no number, because the device was full. */
  readonly skipped: number;
}

export class Device {
  readonly #spec: DeviceSpec;
  readonly #surroundings: DeviceSurroundings;
  readonly #topic: string;
  readonly #sensor: Sensor;
  readonly #random: Random;
  readonly #outbox: Outbox;
  readonly #link: DeviceLink;
  readonly #acked = new NumberRanges();
  #faults: Faults;
  #doorOpen = false;
  readonly #set: FreezerState = { setPoint: usualSetPoint, light: false };
  #made = 0;
  #skipped = 0;
  #timer: Timer | undefined;
  /** The packet id of the last word, and what to do when its PUBACK came. */
  #lastWord: { readonly packetId: number; readonly run: () => void } | undefined;
  #drained: (() => void) | undefined;

  constructor(spec: DeviceSpec, surroundings: DeviceSurroundings) {
    this.#spec = spec;
    this.#surroundings = surroundings;
    this.#faults = { ...healthy, ...spec.faults };
    this.#topic = `sim/${spec.family}/${spec.id}`;
    const { broker, capacity, clock, seed } = surroundings;
    this.#sensor = createSensor(spec.family, createSeededRandom(`${seed}/${spec.id}/machine`));
    this.#random = createSeededRandom(`${seed}/${spec.id}/link`);
    this.#outbox = new Outbox(capacity);
    const will = { topic: `${this.#topic}/status`, payload: "offline" };
    this.#link = new DeviceLink(
      {
        ...{ broker, clientId: spec.id, will, clock, random: this.#random },
        ...(spec.family === "freezer" && {
          listensTo: { filter: `${this.#topic}/command`, qos: 1 },
        }),
      },
      {
        up: () => this.#greet(),
        down: () => this.#outbox.rewind(),
        acked: (id) => this.#ack(id),
        message: (message) => {
          this.#link.acknowledge(message);
          const answer = obeyOrder(message.payload, this.#set, this.#doorOpen);
          if (answer !== undefined) this.#link.publish(`${this.#topic}/reply`, answer);
        },
      },
    );
  }

  get id(): string {
    return this.#spec.id;
  }

  /** Connects and begins to measure, somewhere within the first interval. To be called once. */
  start(): void {
    this.#link.open();
    this.#scheduleReading(this.#random());
  }

  /** Opens the door of a freezer. */
  openDoor(): void {
    this.#doorOpen = true;
  }

  closeDoor(): void {
    this.#doorOpen = false;
  }

  /** Changes what is wrong with the device from its next reading on; the rest stays as it is. */
  setFaults(faults: Partial<Faults>): void {
    this.#faults = { ...this.#faults, ...faults };
  }

  report(): DeviceReport {
    return {
      id: this.#spec.id,
      connected: this.#link.isUp,
      trouble: this.#link.trouble,
      made: this.#made,
      acked: this.#acked.size,
      ackedRanges: this.#acked.ranges(),
      waiting: this.#outbox.size,
      resent: this.#outbox.resent,
      skipped: this.#skipped,
    };
  }

  /**
   * Makes nothing more, waits until every event has its PUBACK, says `offline` and goes. After
   * `timeoutMs` it goes as it stands; the report says what still waits.
   */
  async stop(timeoutMs: number): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await new Promise<void>((resolve) => {
      const limit = this.#surroundings.clock.setTimer(timeoutMs, resolve);
      const leave = (): void => {
        limit.cancel();
        resolve();
      };
      this.#drained = () => this.#sayLastWord(leave);
      this.#checkDrained();
    });
    await this.#link.close();
  }

  #scheduleReading(intervals: number): void {
    const { clock, speed } = this.#surroundings;
    this.#timer = clock.setTimer((intervals * this.#spec.everyMs) / speed, () => {
      this.#scheduleReading(1);
      this.#measure();
    });
  }

  #measure(): void {
    const surroundings = { doorOpen: this.#doorOpen, setPoint: this.#set.setPoint };
    const values = this.#sensor(this.#spec.everyMs, surroundings, this.#faults);
    if (this.#faults.silent) return;
    if (this.#outbox.full) {
      this.#skipped += 1;
      return;
    }
    this.#made += 1;
    const { boot, clock } = this.#surroundings;
    const ts = formatTime(clock.wallMs() + this.#faults.clockOffsetMs);
    const payload = JSON.stringify({ [numberMetric]: this.#made, boot, ts, ...values });
    this.#outbox.keep({ n: this.#made, payload });
    this.#sendWaiting();
  }

  #greet(): void {
    this.#link.publish(`${this.#topic}/status`, "online", true);
    this.#sendWaiting();
    this.#checkDrained();
  }

  #sendWaiting(): void {
    while (this.#link.isUp && this.#outbox.underWay < this.#surroundings.window) {
      const event = this.#outbox.next();
      if (!event) return;
      this.#outbox.sent(this.#link.publish(`${this.#topic}/telemetry`, event.payload));
    }
  }

  #ack(packetId: number): void {
    const event = this.#outbox.acked(packetId);
    if (event) {
      this.#acked.add(event.n);
      this.#sendWaiting();
      this.#checkDrained();
    } else if (packetId === this.#lastWord?.packetId) {
      this.#lastWord.run();
    }
  }

  #checkDrained(): void {
    if (this.#outbox.size === 0) this.#drained?.();
  }

  #sayLastWord(run: () => void): void {
    if (!this.#link.isUp) return;
    this.#lastWord = {
      packetId: this.#link.publish(`${this.#topic}/status`, "offline", true),
      run,
    };
  }
}
