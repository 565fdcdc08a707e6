/**
 * A line that is listened to. What it says is cut into frames, and each is a message.
 *
 * Invariants
 * - Frames go to the sink in the turn in which their last byte is read, and were received then.
 * - What waits for the disk is bounded; beyond it the line is not read, and the system holds back a few
 *   KiB of it.
 * - Damaged frames go to the sink as such, and never as good ones.
 */
import { basename } from "node:path";
import type { Clock } from "../../core/clock.ts";
import type { DeviceWay } from "../../core/device-write.ts";
import type { LinkState, MessageAttributes, Source } from "../../core/message.ts";
import type { Refusal } from "../../core/refusal.ts";
import { InFlight } from "../in-flight.ts";
import { Lane } from "../lane.ts";
import { KeptLine } from "../lines/kept-line.ts";
import { LineReport } from "../lines/line-report.ts";
import { lineName, openLine } from "../lines/open-line.ts";
import type { SourceSurroundings } from "../source-kind.ts";
import { DamageCounts } from "./damage-counts.ts";
import { FrameWay } from "./frame-way.ts";
import { type Damage, damages, type Framer } from "./framers/framer.ts";
import { LinePoll } from "./line-poll.ts";
import { NoFrameWatch } from "./no-frame-watch.ts";
import { openFramer } from "./open-framer.ts";
import type { SerialOptions } from "./options.ts";
import { echoOf } from "./poll-echo.ts";
import { QuietWatch } from "./quiet-watch.ts";

/** A first byte that comes later than this after the opening begins a frame: nobody is cut short. */
const freshMs = 100;

/** Nobody waits for an acknowledgment on a line. */
const whole: MessageAttributes = { unanswered: true };

/** Begins to open the line, and does not wait for it. */
export function openSerialSource(options: SerialOptions, surroundings: SourceSurroundings): Source {
  const source = new SerialSource(options, surroundings);
  source.start();
  return source;
}

class SerialSource implements Source {
  readonly name: string;
  readonly address: string;
  readonly toDevices?: DeviceWay;
  readonly #options: SerialOptions;
  readonly #surroundings: SourceSurroundings;
  readonly #clock: Clock;
  readonly #topic: string;
  readonly #line: KeptLine;
  readonly #framer: Framer;
  readonly #damages: DamageCounts;
  readonly #inFlight: InFlight;
  readonly #lane: Lane<undefined>;
  readonly #noFrame: NoFrameWatch;
  readonly #quiet: QuietWatch | undefined;
  readonly #poll: LinePoll | undefined;
  #openedMs: number | undefined;
  #toldLine: "online" | "offline" = "offline";
  /** The stream has that the device is there. */
  #isDeviceTold = false;

  constructor(options: SerialOptions, surroundings: SourceSurroundings) {
    const { clock, log, logger, metrics, nowMs, sink } = surroundings;
    const { device, limits, poll } = options;
    this.address = lineName(options);
    const name = options.name ?? basename(this.address).replace(/[/+#\s]+/g, "-");
    this.name = `serial ${name}`;
    this.#topic = `serial/${name}`;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#clock = clock;
    const source = this.name;
    this.#damages = new DamageCounts({ source, address: this.address, metrics, nowMs });
    this.#inFlight = new InFlight(limits.in_flight_bytes, log, 1);
    this.#lane = new Lane<undefined>(this.#inFlight, {
      acked: () => {},
      answered: () => {},
      resume: () => this.#line.resume(),
    });
    const framing = { ...options, maxBytes: limits.max_frame };
    const isEcho = poll === undefined ? () => false : echoOf(poll.send, framing);
    this.#framer = openFramer(framing, {
      frame: (payload) => {
        if (!isEcho(payload)) this.#tellFrame(payload);
      },
      damaged: (payload, damage) => {
        if (!isEcho(payload)) this.#tellDamage(payload, damage);
      },
    });
    const { checksum } = options;
    this.#noFrame = new NoFrameWatch({ source, logger, maxBytes: limits.max_frame, checksum });
    const told = (state: "online" | "offline"): void => {
      this.#toldLine = state;
      if (state === "offline") this.#isDeviceTold = false;
    };
    const facts = { source, path: this.address, device, sink, clock, nowMs, logger, metrics, told };
    this.#line = new KeptLine({
      open: openLine(options, { source, logger }),
      report: new LineReport(facts),
      clock,
      user: {
        opened: () => this.#opened(),
        data: (bytes) => this.#take(bytes),
        lost: () => this.#lost(),
      },
    });
    const { quietMs } = this.#framer;
    if (quietMs !== undefined)
      this.#quiet = new QuietWatch(clock, quietMs, () => this.#framer.quiet());
    if (poll !== undefined) {
      const isTcp = this.address.startsWith("tcp://");
      const asking = { send: poll.send, everyMs: poll.every, isTcp };
      this.#poll = new LinePoll(this.#line, asking, clock);
    }
    if (device !== undefined)
      this.toDevices = new FrameWay({
        ...{ clock, device, line: this.#line, framer: this.#framer },
        maxBytes: limits.max_frame,
      });
  }

  get holding(): boolean {
    return this.#inFlight.held > 0;
  }

  get refusals(): readonly Refusal[] {
    return this.#damages.latest;
  }

  get link(): LinkState {
    return this.#line.state;
  }

  start(): void {
    this.#line.start();
  }

  async stop(): Promise<void> {
    this.#quiet?.stop();
    this.#poll?.stop();
    await this.#line.stop();
    this.#inFlight.close();
  }

  #opened(): void {
    this.#openedMs = this.#clock.monotonicMs();
    this.#framer.begin(false);
    this.#noFrame.opened();
    this.#poll?.start(freshMs);
  }

  #take(bytes: Uint8Array): void {
    if (this.#openedMs !== undefined) {
      if (this.#clock.monotonicMs() - this.#openedMs >= freshMs) this.#framer.begin(true);
      this.#openedMs = undefined;
    }
    this.#framer.take(bytes);
    this.#noFrame.came(bytes.length);
    this.#quiet?.heard();
    this.#poll?.heard();
    if (this.#inFlight.mayRead(this.#lane)) return;
    this.#line.pause();
    // Silence is ours then.
    this.#quiet?.stop();
  }

  #lost(): void {
    this.#quiet?.stop();
    this.#poll?.stop();
    this.#framer.end();
  }

  #tellFrame(payload: Uint8Array): void {
    this.#noFrame.found(undefined);
    this.#tellDevice();
    this.#give(payload, whole);
  }

  /** It is there once it said something: a line can be open without anybody at its end. */
  #tellDevice(): void {
    const { device } = this.#options;
    if (device === undefined || this.#isDeviceTold || this.#toldLine === "offline") return;
    this.#isDeviceTold = true;
    const { nowMs, sink } = this.#surroundings;
    const change = { source: this.name, client: this.address, device } as const;
    sink.connection({ ...change, state: "online", cause: "connect", receivedMs: nowMs() });
  }

  #tellDamage(payload: Uint8Array, damage: Damage): void {
    this.#damages.add(damage, payload.length);
    this.#noFrame.found(payload);
    this.#give(payload, { ...whole, damaged: damages[damage] });
  }

  #give(payload: Uint8Array, attributes: MessageAttributes): void {
    const { nowMs, sink } = this.#surroundings;
    const receipt = sink.message({
      source: this.name,
      address: this.#topic,
      payload,
      receivedMs: nowMs(),
      client: undefined,
      device: this.#options.device,
      attributes,
    });
    this.#lane.add(undefined, payload.length, receipt);
  }
}
