/**
 * The descriptions that were taken, in a file beside the log: the messages as they came, one a line,
 * so that a later version may understand more of them. It is a hint: what is missing or damaged is
 * read again once devices describe themselves anew.
 */
import type { Disk, DiskFile } from "../core/disk.ts";
import { type DeviceId, isId, toDeviceId } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import { readWhole, replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";
import { mostCharacters } from "./bounds.ts";

export const descriptionsFile = "descriptions.ndjson";
/** What a character of a message takes in the file at most, with room for what was replaced. */
const bytesPerCharacter = 8;

/** One message that describes something; an empty text takes back what it described. */
export interface KeptMessage {
  readonly topic: string;
  readonly text: string;
  /** The device that the credentials of the sender named. */
  readonly owner?: DeviceId;
}

/** A name that a value of a device was given, and keeps. */
export interface KeptName {
  readonly device: string;
  readonly key: string;
  readonly name: string;
}

export type KeptLine = KeptMessage | KeptName;

/** Lines of an earlier process in their order, as far as they can be read. Never fails. */
export async function readDescriptions(disk: Disk, folder: string): Promise<KeptLine[]> {
  try {
    const most = mostCharacters * bytesPerCharacter;
    const text = (await readWhole(disk, `${folder}/${descriptionsFile}`, most)).toString();
    return text.split("\n").flatMap(parseLine);
  } catch {
    return [];
  }
}

/** A file that lines are added to. Made by `replaceDescriptions` only. */
export class DescriptionFile {
  readonly #file: DiskFile;
  #at: number;

  constructor(file: DiskFile, sizeBytes: number) {
    this.#file = file;
    this.#at = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#at;
  }

  /** The lines are on the medium when this resolves. */
  async add(lines: readonly object[]): Promise<void> {
    const bytes = toBytes(lines);
    await writeAll(this.#file, [bytes], this.#at);
    await this.#file.sync();
    this.#at += bytes.byteLength;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Replaces the file by one with these lines. */
export async function replaceDescriptions(
  disk: Disk,
  folder: string,
  fileName: string,
  lines: readonly object[],
): Promise<DescriptionFile> {
  const bytes = toBytes(lines);
  const file = await replaceWhole(disk, folder, fileName, (draft) => writeAll(draft, [bytes], 0));
  return new DescriptionFile(file, bytes.byteLength);
}

function toBytes(lines: readonly object[]): Buffer {
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

function parseLine(text: string): KeptLine[] {
  if (text === "") return [];
  try {
    const line: unknown = JSON.parse(text);
    if (!isObject(line)) return [];
    const { device, key, name, owner, topic } = line;
    if (typeof device === "string" && typeof key === "string" && typeof name === "string")
      return [{ device, key, name }];
    if (typeof topic !== "string" || typeof line["text"] !== "string") return [];
    const named = typeof owner === "string" && isId(owner) ? { owner: toDeviceId(owner) } : {};
    return [{ topic, text: line["text"], ...named }];
  } catch {
    return [];
  }
}
