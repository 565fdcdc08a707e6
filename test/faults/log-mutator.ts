/** Single faults in the files of a log: what bad cards, bad copies and tired people do. */
import { frameBytesAt, seqAt } from "../../src/buffer/format/frame.ts";
import { trailerBytes } from "../../src/buffer/format/segment-footer.ts";
import { segmentName } from "../../src/buffer/format/segment-header.ts";

/** The files of a log's folder by name; a folder has no content. */
export type LogFiles = Map<string, Buffer | "folder">;

export interface Fault {
  /** `flip`, `zero`, `truncate`, `missing`, `duplicate`, `renamed`, `cursor`, `foreign`, `stray`. */
  readonly kind: string;
  /** For people: which file, where. */
  readonly text: string;
  readonly files: LogFiles;
  /** Records whose bytes are not what they were; nothing else may get lost. */
  readonly touched: ReadonlySet<number>;
  /** Bytes that must be found in quarantine if their records are lost. */
  readonly damaged: Buffer | undefined;
}

export interface Template {
  readonly files: LogFiles;
  /** The folder of another gateway. */
  readonly foreign: LogFiles;
}

interface Place {
  readonly seq: number;
  readonly from: number;
  readonly to: number;
}

const headerBytes = 128;
const sectorBytes = 512;

/** Makes one fault of a random kind at a random place. */
export function makeFault(template: Template, random: () => number): Fault {
  const make = faults[Math.floor(random() * faults.length)];
  if (!make) throw new Error("random() gave 1");
  return make(template, random);
}

type MakeFault = (template: Template, random: () => number) => Fault;

/** Damage inside a segment is the most likely thing by far. */
const faults: readonly MakeFault[] = [
  flip,
  flip,
  flip,
  zero,
  zero,
  truncate,
  missing,
  duplicate,
  renamed,
  cursor,
  foreign,
  stray,
];

/** One bit anywhere in a segment. */
export function flip(template: Template, random: () => number): Fault {
  const [name, bytes] = pickSegment(template.files, random);
  const at = below(bytes.length, random);
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << below(8, random));
  return inSegment("flip", template, name, bytes, flipped, at, at + 1);
}

function zero(template: Template, random: () => number): Fault {
  const [name, bytes] = pickSegment(template.files, random);
  const from = below(Math.ceil(bytes.length / sectorBytes), random) * sectorBytes;
  const to = Math.min(from + sectorBytes, bytes.length);
  const zeroed = Buffer.from(bytes).fill(0, from, to);
  return inSegment("zero", template, name, bytes, zeroed, from, to);
}

function truncate(template: Template, random: () => number): Fault {
  const [name, bytes] = pickSegment(template.files, random);
  const at = below(bytes.length, random);
  return inSegment("truncate", template, name, bytes, bytes.subarray(0, at), at, bytes.length);
}

function missing(template: Template, random: () => number): Fault {
  const [name, bytes] = pickSegment(template.files, random);
  const files = new Map(template.files);
  files.delete(name);
  const touched = new Set(placesOf(bytes).map(({ seq }) => seq));
  return { kind: "missing", text: name, files, touched, damaged: undefined };
}

function duplicate(template: Template, random: () => number): Fault {
  const [name, bytes] = pickSegment(template.files, random);
  const copy = freeName(template.files, random);
  const files = new Map(template.files).set(copy, bytes);
  return harmless("duplicate", `${name} again as ${copy}`, files);
}

function renamed(template: Template, random: () => number): Fault {
  const [name, bytes] = pickSegment(template.files, random);
  const other = random() < 0.5 ? freeName(template.files, random) : `${name}.bak`;
  const files = new Map(template.files).set(other, bytes);
  files.delete(name);
  return harmless("renamed", `${name} to ${other}`, files);
}

function cursor(template: Template, random: () => number): Fault {
  const files = new Map(template.files);
  const bytes = Buffer.from(contentOf(files, "cursor"));
  const how = below(4, random);
  if (how === 0) files.delete("cursor");
  if (how === 1) files.set("cursor", bytes.subarray(0, below(bytes.length, random)));
  if (how === 2) files.set("cursor", Buffer.from(bytes.map(() => below(256, random))));
  if (how === 3) files.set("cursor", bytes.fill(0, below(2, random) * sectorBytes).fill(7, 0, 9));
  return harmless("cursor", ["gone", "cut", "garbage", "overwritten"][how] ?? "", files);
}

function foreign(template: Template, random: () => number): Fault {
  if (random() < 0.5)
    return {
      ...harmless("foreign", "the whole folder", new Map(template.foreign)),
      kind: "foreign-folder",
    };
  const [name, bytes] = pickSegment(template.foreign, random);
  const other = template.files.has(name) ? freeName(template.files, random) : name;
  return harmless("foreign", other, new Map(template.files).set(other, bytes));
}

function stray(template: Template, random: () => number): Fault {
  const strays: readonly [string, Buffer | "folder"][] = [
    ["notes.txt", Buffer.from("do not delete")],
    ["lost+found", "folder"],
    ["cursor.new", Buffer.alloc(100, 3)],
    [".00000000000000000001.seg.swp", Buffer.alloc(4096, 1)],
    [segmentName(1_000 + below(1_000, random)), "folder"],
    [segmentName(1_000 + below(1_000, random)), Buffer.from("no segment at all".repeat(40))],
    [segmentName(1_000 + below(1_000, random)), Buffer.alloc(0)],
    ["segment.seg", Buffer.alloc(700, 0xff)],
  ];
  const [name, content] = strays[below(strays.length, random)] ?? ["x", "folder"];
  return harmless("stray", name, new Map(template.files).set(name, content));
}

function harmless(kind: string, text: string, files: LogFiles): Fault {
  return { kind, text, files, touched: new Set(), damaged: undefined };
}

function inSegment(
  kind: string,
  template: Template,
  name: string,
  before: Buffer,
  after: Buffer,
  from: number,
  to: number,
): Fault {
  const hit = placesOf(before).filter((place) => place.from < to && place.to > from);
  const isChanged = !before.subarray(from, to).equals(after.subarray(from, to));
  const first = hit[0];
  const last = hit.at(-1);
  return {
    kind,
    text: `${name} at ${from}`,
    files: new Map(template.files).set(name, after),
    touched: new Set(isChanged ? hit.map(({ seq }) => seq) : []),
    damaged: first && last && kind !== "truncate" ? after.subarray(first.from, last.to) : undefined,
  };
}

/** Where the frames of a whole segment are. */
export function placesOf(bytes: Buffer): Place[] {
  const isSealed = bytes.toString("latin1", bytes.length - trailerBytes).startsWith("SLGEND");
  const end = isSealed
    ? Number(bytes.readBigUInt64LE(bytes.length - trailerBytes + 112))
    : bytes.length;
  const places: Place[] = [];
  for (let from = headerBytes; from < end; ) {
    const to = from + frameBytesAt(bytes, from);
    places.push({ seq: seqAt(bytes, from), from, to });
    from = to;
  }
  return places;
}

function pickSegment(files: LogFiles, random: () => number): readonly [string, Buffer] {
  const names = [...files.keys()].filter((name) => name.endsWith(".seg")).sort();
  const name = names[below(names.length, random)] ?? "";
  return [name, contentOf(files, name)];
}

function contentOf(files: LogFiles, name: string): Buffer {
  const content = files.get(name);
  if (!content || content === "folder") throw new Error(`no file ${name}`);
  return content;
}

function freeName(files: LogFiles, random: () => number): string {
  for (;;) {
    const name = segmentName(1 + below(300, random));
    if (!files.has(name)) return name;
  }
}

function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit);
}
