/**
 * Devices that describe themselves: takes their descriptions, keeps them over a restart, and knows
 * who reads the messages that nobody else reads.
 *
 * Invariants
 * - A description claims topics, never devices: what a configured device or a profile reads, it reads
 *   on.
 * - A message that describes something is acknowledged when that is on disk.
 */
import type { Clock } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { DeviceId, Seq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { RawMessage } from "../core/message.ts";
import { toText } from "../normalize/decode.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Misfit } from "../normalize/misfit.ts";
import type {
  DescribedTopic,
  SelfDescribed,
  TakenDescription,
} from "../normalize/self-described.ts";
import { ChangeQuota } from "./change-quota.ts";
import type { Convention, Facts } from "./description.ts";
import { descriptionsFile, type KeptLine, readDescriptions } from "./description-file.ts";
import { type Change, DescriptionGroups } from "./description-groups.ts";
import { DescriptionKeeper } from "./description-keeper.ts";
import { OtherTopics } from "./other-topics.ts";
import { type DescriptionRefusal, Refusals } from "./refusals.ts";
import { DescriptionRegister } from "./register.ts";
import { DescribedRoutes } from "./routes.ts";
import { type ShownDescription, showDescription } from "./show-description.ts";

export interface DescriberParts {
  readonly conventions: readonly Convention[];
  /** What topics of descriptions begin with: `homeassistant/`. */
  readonly ownTopics: string;
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Which device a profile or the configuration knows under the topic; undefined for none. */
  readonly readerOf: (topic: string) => DeviceId | undefined;
  /** True for a device that the configuration names: it is read as that says. */
  readonly isConfigured: (device: DeviceId) => boolean;
  /** Called for a device that described itself, or described itself anew. */
  readonly described: (device: KnownDevice) => void;
  /** Called for one that took back all it had said. */
  readonly gone: (device: DeviceId) => void;
  /** Called with what a device says of itself that is read by somebody else. */
  readonly learned: (device: DeviceId, facts: Facts) => void;
  /** The last record of the log. */
  readonly lastSeq: () => Seq;
}

/** Refusals that status shows. */
const mostShown = 16;
/** Topics of a device that are looked up to find who reads them already. */
const mostLookedUp = 16;

export class Describer implements SelfDescribed {
  readonly #refusals: Refusals;
  readonly #register: DescriptionRegister;
  readonly #parts: DescriberParts;
  readonly #groups: DescriptionGroups;
  readonly #quota: ChangeQuota;
  readonly #keeper: DescriptionKeeper<KeptLine>;
  readonly #routes = new DescribedRoutes();
  readonly #otherTopics = new OtherTopics();
  /** Those that were written already. */
  readonly #namesKept = new Set<string>();
  /** What the messages wait for that came since the last write. */
  #batch: { seq: Seq | undefined } = { seq: undefined };

  constructor(parts: DescriberParts) {
    const { clock, conventions, disk, folder, logger } = parts;
    this.#parts = parts;
    this.#refusals = new Refusals(clock, logger);
    this.#register = new DescriptionRegister(parts.isConfigured);
    this.#groups = new DescriptionGroups(conventions);
    this.#quota = new ChangeQuota(clock);
    this.#keeper = new DescriptionKeeper({
      ...{ disk, folder, clock, logger, fileName: descriptionsFile },
      all: () => [...this.#groups.messages(), ...this.#newNames(new Set())],
      more: () => this.#newNames(this.#namesKept),
      written: () => this.#written(),
    });
  }

  /** Knows again what an earlier process was told; `tell` says so. Never fails. */
  async recall(): Promise<void> {
    const lines = await readDescriptions(this.#parts.disk, this.#parts.folder);
    for (const line of lines)
      if ("name" in line) this.#register.recallName(line.device, line.key, line.name);
    for (const line of lines) {
      if (!("topic" in line)) continue;
      const proposal = this.#groups.propose(line.topic, line.text, line.owner);
      if (proposal?.kind === "change") this.#accept(proposal);
    }
  }

  stop(): Promise<void> {
    return this.#keeper.stop();
  }

  take({
    address,
    attributes,
    device,
    payload,
  }: RawMessage): TakenDescription | Misfit | undefined {
    if (!this.#groups.describes(address)) return undefined;
    if (attributes.cut !== undefined)
      return this.#refuse(address, `it has ${attributes.cut.bytes} bytes, which is too many`);
    const text = toText(payload);
    const proposal = this.#groups.propose(address, text, device);
    if (proposal?.kind === "refused") return this.#refuse(address, proposal.reason);
    if (proposal?.kind !== "change") return {};
    const { after, key } = proposal;
    const problem = after && this.#register.problemOf(after);
    if (problem !== undefined) return this.#refuse(address, problem);
    if (!this.#quota.take(device ?? after?.description?.device ?? key))
      return this.#refuse(address, "descriptions change more often than is taken");
    this.#accept(proposal);
    for (const sentence of after?.description?.leftOut ?? [])
      this.#refusals.note(address, sentence);
    this.#keeper.add({ topic: address, text, ...(device !== undefined && { owner: device }) });
    return { until: this.#batch };
  }

  isOwn(topic: string): boolean {
    return topic.startsWith(this.#parts.ownTopics);
  }

  find(topic: string, named: DeviceId | undefined): DescribedTopic | undefined {
    const other = this.#otherTopics.of(topic);
    if (other !== undefined) return { kind: "as", topic: other };
    return this.#routes.of(this.#register.claimsOf(topic), named);
  }

  /** For messages that are read once more, which describe nothing. */
  get reader(): SelfDescribed {
    return {
      take: () => undefined,
      isOwn: (topic) => this.isOwn(topic),
      find: (topic, named) => this.find(topic, named),
    };
  }

  /** The same for all devices, after profiles or the configuration changed. */
  tellAgain(): void {
    this.#register.joinAgain();
    this.tell();
  }

  /** The device that described itself; undefined where none of this name did by this profile. */
  known(id: DeviceId, profileName: string): KnownDevice | undefined {
    const found = this.#register.device(id)?.known;
    return found?.profile.name === profileName ? found : undefined;
  }

  /** How it stands, for status. */
  status(): { readonly devices: number; readonly refused: readonly DescriptionRefusal[] } {
    return { devices: this.#register.size, refused: this.#refusals.list().slice(0, mostShown) };
  }

  /** What a device said of itself, for people; undefined for one that said nothing. */
  show(id: DeviceId): ShownDescription | undefined {
    const device = this.#register.device(id);
    return device && showDescription(device);
  }

  #accept(proposal: Change): void {
    this.#groups.accept(proposal);
    const { after, before, key } = proposal;
    this.#otherTopics.replace(before?.description, after?.description);
    this.#register.put(key, before, after);
  }

  #refuse(topic: string, reason: string): Misfit {
    this.#refusals.note(topic, reason);
    return { code: "bad-value", reason: `the description was not taken: ${reason}` };
  }

  #newNames(kept: Set<string>): KeptLine[] {
    // A device has names once it is put together.
    this.#register.settle();
    const lines: KeptLine[] = [];
    for (const line of this.#register.names()) {
      const name = `${line.device} ${line.key}`;
      if (!kept.has(name)) lines.push(line);
      kept.add(name);
    }
    return lines;
  }

  #written(): void {
    this.tell();
    this.#batch.seq = this.#parts.lastSeq();
    this.#batch = { seq: undefined };
  }

  /** Tells of devices that are new, described anew, or gone since it told last. */
  tell(): void {
    const { described, gone, isConfigured, learned, readerOf } = this.#parts;
    const changes = this.#register.takeChanges();
    for (const device of changes.gone) gone(device.known.id);
    for (const { descriptions, known, leftOut, topics } of changes.settled) {
      for (const sentence of leftOut) this.#refusals.note(known.id, sentence);
      const facts: Facts = known.profile.attrs ?? {};
      const readers = new Set<DeviceId>();
      for (const topic of descriptions.flatMap((one) => one.topics).slice(0, mostLookedUp)) {
        const reader = this.isOwn(topic) ? undefined : readerOf(topic);
        if (reader !== undefined) readers.add(reader);
      }
      if (isConfigured(known.id)) readers.add(known.id);
      for (const reader of readers) learned(reader, facts);
      const own = [...topics].filter(([, { isPassedOver }]) => !isPassedOver);
      const isOwn = own.some(([topic]) => this.isOwn(topic) || readerOf(topic) === undefined);
      if (isOwn && !isConfigured(known.id)) described(known);
    }
  }
}
