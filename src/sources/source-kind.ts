/** What a kind of source is: the one thing that its folder shows to the rest of the house. */
import type * as z from "zod";
import type { Audit } from "../core/audit.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { Origin } from "../core/event.ts";
import type { Checked, Fault } from "../core/fault.ts";
import type { DeviceId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { MessageSink, Source } from "../core/message.ts";
import type { Metrics } from "../core/metrics.ts";
import type { PollPlan } from "../core/poll-plan.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { Random } from "../core/retry.ts";
import { parseWhatFits } from "../schema/parse-what-fits.ts";
import { type SecretReference, secretFieldsOf } from "../schema/secret-reference.ts";

/** What all sources of a gateway are built from; one object for all of them. */
export interface SourceSurroundings {
  readonly audit: Audit;
  readonly sink: MessageSink;
  /** Gateway time. */
  readonly nowMs: () => EpochMs;
  readonly clock: Clock;
  readonly random: Random;
  /** The gateway itself, for a kind that goes to others under a name. */
  readonly origin: Origin;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The data folder: a kind that keeps something makes a folder of its own in it. */
  readonly folder: string;
  readonly disk: Disk;
  /** What is behind a reference; rejects with `config.secret-missing`. */
  readonly readSecret: (reference: SecretReference) => Promise<{ reveal(): string }>;
  /** What its profile has to ask a device; undefined where the device is not asked. Cheap; asked often. */
  readonly pollPlan: (device: DeviceId) => PollPlan | undefined;
  /** The MQTT client that a device was last heard from; undefined where none was. Cheap; asked often. */
  readonly clientOf: (device: DeviceId) => string | undefined;
  /** The log that the messages go into. */
  readonly log: Pick<RecordLog, "durableSeq" | "lastSeq" | "onDurable" | "openReader">;
  /** Takes what is to be done when the sources are stopped, the last first; the log is open then. */
  readonly atEnd: (step: () => Promise<void>) => void;
}

/** Opens a source whose files are all right. Throws `source.unavailable` when it cannot be had. */
export type OpenSource = (surroundings: SourceSurroundings) => Promise<Source>;

/** A file that an entry of `sources` names. */
export interface NamedFile<T> {
  /** Where the entry names it. */
  readonly field: readonly (string | number)[];
  /** As it is written there. */
  readonly path: string;
  readonly parse: (value: unknown) => Checked<T>;
  /** What to do where it cannot be read. */
  readonly hint?: string;
  /** It may hold passwords: nothing of it is shown. */
  readonly secret: boolean;
}

/** A file that may change while its source runs. */
export interface FileAgain<T> {
  /** Absolute. */
  readonly path: string;
  readonly parse: (text: string) => Checked<T>;
}

/** How a kind looks at an entry and its files. What is wrong joins the faults of the site. */
export interface EntryReading {
  /** Adds a fault; its path begins at the entry. */
  report(fault: Fault): void;
  /** The value of a file; undefined when it cannot be read or has faults, which are reported. */
  read<T>(file: NamedFile<T>): Promise<T | undefined>;
  /** How a file is read once more while its source runs. */
  again<T>(file: NamedFile<T>): FileAgain<T>;
  /** What a file holds that is no YAML, and where it is; undefined when it cannot be read, which is reported. */
  bytes(
    field: NamedFile<unknown>["field"],
    path: string,
  ): Promise<{ readonly path: string; readonly bytes: Buffer } | undefined>;
}

/** The options of a kind: an object whose `kind` is a literal. */
export type KindSchema = z.ZodObject<{ kind: z.ZodLiteral<string> }>;

/** The form of a file. */
export interface FileForm {
  readonly title: string;
  readonly schema: z.ZodType;
}

/** What a kind is made of. */
export interface KindParts<S extends KindSchema> {
  /** The form of its entries. */
  readonly options: S;
  /** The form of files that its entries name, by a name for it: editors check them with it. */
  readonly files?: Readonly<Record<string, FileForm>>;
  /**
   * Reads the files that an entry names; nothing is opened. Undefined when no source can be made of
   * it, which is reported then. Where an entry has faults it is shown what is right in it, so that
   * those in its files are found at once.
   */
  load(options: z.output<S>, reading: EntryReading): Promise<OpenSource | undefined>;
}

export interface SourceKind<S extends KindSchema = KindSchema> {
  readonly name: string;
  readonly options: S;
  /** Names of the options that are references to secrets. */
  readonly secrets: readonly string[];
  readonly files: Readonly<Record<string, FileForm>>;
  /** `load` for an entry as it is written. */
  load(entry: unknown, reading: EntryReading): Promise<OpenSource | undefined>;
}

export function sourceKind<S extends KindSchema>(parts: KindParts<S>): SourceKind<S> {
  const { files = {}, options } = parts;
  return {
    name: options.shape.kind.value,
    options,
    secrets: secretFieldsOf(options.shape),
    files,
    load: async (entry, reading) => {
      const right = parseWhatFits(options, entry);
      return right === undefined ? undefined : parts.load(right, reading);
    },
  };
}
