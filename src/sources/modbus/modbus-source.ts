/**
 * A bus of Modbus devices: asked at their intervals, written to in between.
 *
 * Invariants
 * - While too much waits for the disk nobody is asked.
 * - After `stop` has resolved nothing reaches the sink, and no line and no timer is left.
 */
import { sleep } from "../../core/clock.ts";
import { type DeviceId, toDeviceId } from "../../core/ids.ts";
import { type BusMember, type LinkState, noAttributes, type Source } from "../../core/message.ts";
import type { PollGroup, PollPlan } from "../../core/poll-plan.ts";
import { InFlight } from "../in-flight.ts";
import { Lane } from "../lane.ts";
import { lineName } from "../lines/open-line.ts";
import type { SourceSurroundings } from "../source-kind.ts";
import { Bus } from "./bus.ts";
import { BusReport } from "./bus-report.ts";
import type { Channel } from "./channel.ts";
import { Member } from "./member.ts";
import { MemberPoller } from "./member-poller.ts";
import { ModbusWay } from "./modbus-way.ts";
import { openChannel } from "./open-channel.ts";
import type { ModbusOptions } from "./options.ts";
import { isSilent, type PollResult } from "./poll-result.ts";
import { readGroup } from "./read-group.ts";
import { type Answer, readRequest } from "./request.ts";
import { SilenceWatch } from "./silence-watch.ts";

/** Of polls that wait for the disk. */
const mostWaitingBytes = 2 ** 20;

/** Begins to open the line, and does not wait for it. `open` makes the channel. */
export async function openModbus(
  options: ModbusOptions,
  surroundings: SourceSurroundings,
  open: typeof openChannel = openChannel,
): Promise<Source> {
  const source = new ModbusSource(options, surroundings, open);
  source.start();
  return source;
}

class ModbusSource implements Source {
  readonly name: string;
  readonly address: string;
  readonly refusals = [];
  readonly toDevices: ModbusWay;
  readonly #options: ModbusOptions;
  readonly #surroundings: SourceSurroundings;
  readonly #report: BusReport;
  readonly #channel: Channel;
  readonly #bus: Bus;
  readonly #silence: SilenceWatch;
  readonly #members: ReadonlyMap<DeviceId, Member>;
  readonly #pollers: readonly MemberPoller[];
  readonly #inFlight: InFlight;
  readonly #lane: Lane<undefined>;
  /** False while it comes and goes: nothing is told of its members then. */
  #isLineTold = true;
  #stopped: Promise<void> | undefined;

  constructor(options: ModbusOptions, surroundings: SourceSurroundings, open: typeof openChannel) {
    const { clock, log } = surroundings;
    this.address = lineName(options);
    this.name = `modbus ${options.name ?? this.address.replace(/^.*[/]/, "")}`;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#report = new BusReport({ ...surroundings, source: this.name });
    const members = options.members.map(
      ({ address, device }) => new Member(toDeviceId(device), address),
    );
    const [only] = members;
    const place = {
      source: this.name,
      path: this.address,
      device: members.length === 1 ? only?.device : undefined,
      told: (state: "online" | "offline"): void => {
        this.#isLineTold = state === "online";
        if (place.device !== undefined && state === "offline") only?.lost();
      },
    };
    this.#channel = open(options, place, surroundings, {
      changed: () => this.#lineChanged(),
      unsolicited: (bytes) => this.#report.unsolicited(bytes),
      otherMaster: (unit) => this.#report.otherMaster(unit),
      late: () => this.#report.late(),
    });
    this.#bus = new Bus(this.#channel, clock);
    this.#silence = new SilenceWatch((words) => {
      if (/^(?:modbus-)?tcp:/.test(this.address)) this.#channel.restart(words);
    });
    this.#members = new Map(members.map((member) => [member.device, member]));
    this.toDevices = new ModbusWay({
      members: this.#members,
      bus: this.#bus,
      channel: this.#channel,
      timeoutMs: options.timeout,
    });
    this.#inFlight = new InFlight(mostWaitingBytes, log, 1);
    this.#lane = new Lane(this.#inFlight, {
      acked: () => {},
      answered: () => {},
      resume: () => {},
    });
    this.#pollers = members.map((member) => this.#pollerOf(member));
  }

  get link(): LinkState {
    return this.#channel.state;
  }

  get holding(): boolean {
    return this.#inFlight.held > 0;
  }

  get load(): number {
    return this.#bus.load.share;
  }

  get members(): readonly BusMember[] {
    return [...this.#members.values()].map(
      ({ device, lastAnswerMs, misses, state, trouble, unit }) => ({
        ...{ device, misses, unit },
        ...(lastAnswerMs !== undefined && { lastAnswerMs }),
        ...(state !== undefined && { state }),
        ...(trouble !== undefined && { trouble }),
      }),
    );
  }

  start(): void {
    this.#channel.start();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const poller of this.#pollers) poller.stop();
    this.#bus.stop();
    await this.#channel.stop();
    this.#inFlight.close();
  }

  #lineChanged(): void {
    if (this.#channel.isOpen) for (const poller of this.#pollers) poller.opened();
  }

  #pollerOf(member: Member): MemberPoller {
    const { clock, pollPlan } = this.#surroundings;
    return new MemberPoller({
      ...{ clock, member },
      address: this.#addressOf(member),
      report: this.#report,
      longestRestMs: this.#options.dead_every,
      plan: () => this.#planOf(member, pollPlan(member.device)),
      isOpen: () => this.#channel.isOpen,
      isLineTold: () => this.#isLineTold,
      mayPoll: () => this.#inFlight.mayRead(this.#lane),
      poll: (plan, group, { rank, tries }) => this.#poll(member, plan, group, rank, tries),
      deliver: (result) => this.#deliver(member, result),
    });
  }

  #planOf(member: Member, plan: PollPlan | undefined): PollPlan | undefined {
    if (plan !== undefined) return plan;
    const why = "devices has no entry for it whose profile says what to read (registers)";
    member.trouble = `not asked: ${why}`;
    this.#report.once(`${member.device} is not asked: ${why}`);
    return undefined;
  }

  #poll(
    member: Member,
    plan: PollPlan,
    group: PollGroup,
    rank: number,
    tries: "some" | "one",
  ): Promise<PollResult | undefined> {
    const { clock } = this.#surroundings;
    return readGroup({
      ...{ group, member, plan },
      longestRestMs: this.#options.dead_every,
      nowMs: () => clock.monotonicMs(),
      sleep: (ms) => sleep(clock, ms),
      tries: tries === "one" ? 1 : this.#options.tries,
      ask: async (block) => {
        const request = readRequest(member.unit, block);
        const timeoutMs = this.#options.timeout;
        const answer = await this.#bus.ask(member, request, { rank, timeoutMs });
        this.#noteAnswer(member, answer);
        return answer;
      },
      tell: (words) => this.#report.once(words),
    });
  }

  #noteAnswer(member: Member, answer: Answer): void {
    this.#report.request(answer);
    if (answer.kind !== "gone" && !isSilent(answer))
      member.lastAnswerMs = this.#surroundings.nowMs();
    if (answer.kind !== "gone") this.#silence.note(answer.kind === "silence");
  }

  #deliver(member: Member, result: PollResult): void {
    const { nowMs, sink } = this.#surroundings;
    const payload = Buffer.from(result.toText());
    const receipt = sink.message({
      source: this.name,
      address: this.#addressOf(member),
      payload,
      receivedMs: nowMs(),
      client: undefined,
      device: member.device,
      attributes: noAttributes,
    });
    this.#lane.add(undefined, payload.length, receipt);
  }

  #addressOf({ device }: Member): string {
    return `${this.name.replace(" ", "/")}/${device}`;
  }
}
