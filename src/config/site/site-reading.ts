import type { Checked, Fault } from "../../core/fault.ts";
import { type DecodedText, decodeText } from "../decode-text.ts";
import type { LocatedFault, SourcePlace } from "../located-fault.ts";
import { readYaml } from "../read-yaml.ts";
import type { SiteFiles } from "./site-files.ts";
import { type SaidOfFile, unreadable as saidOf } from "./unreadable.ts";

/** One file that could be opened; what it says may be wrong. */
export interface SiteFile<T> {
  readonly file: string;
  /** As it stands there, before anything is checked; as far as it can be guessed, when `broken`. */
  readonly written: unknown;
  /** Undefined when the file has faults. */
  readonly value: T | undefined;
  /** The text itself is damaged, so that nothing in it can be judged. */
  readonly broken: boolean;
  /** Adds a fault that shows only beside other files; nothing for a broken file. */
  report(fault: Fault): void;
  /** The line in which what stands at a path begins; 1 in a broken file. */
  lineOf(path: readonly (string | number)[]): number;
}

/** How one file is read. */
export interface ReadOptions<T> {
  readonly parse: (value: unknown) => Checked<T>;
  /** Who names the file is told that it cannot be read; otherwise the file itself is blamed. */
  readonly unreadable?: (said: SaidOfFile) => void;
  /** The file may hold passwords: not a line of it is shown. */
  readonly secret?: boolean;
  /** It was read before: what is wrong with it is told, and it is counted. */
  readonly again?: boolean;
}

/** Reads the files of a site, one after the other, and keeps everything that is wrong with them. */
export class SiteReading {
  readonly #files: SiteFiles;
  readonly #faults: LocatedFault[] = [];
  #fileCount = 0;

  constructor(files: SiteFiles) {
    this.#files = files;
  }

  /** Everything that was found so far, warnings too. */
  get faults(): readonly LocatedFault[] {
    return this.#faults;
  }

  /** How many files were opened. */
  get fileCount(): number {
    return this.#fileCount;
  }

  /** Counts a file that was read elsewhere, and is right. */
  opened(): void {
    this.#fileCount += 1;
  }

  /** Reads and checks one file; undefined when it cannot be read. */
  async read<T>(file: string, options: ReadOptions<T>): Promise<SiteFile<T> | undefined> {
    const { again = false, parse, secret = false, unreadable } = options;
    let decoded: DecodedText;
    try {
      decoded = decodeText(await this.#files.readFile(file));
    } catch (thrown) {
      const said = saidOf(file, thrown);
      if (unreadable) unreadable(said);
      else this.#faults.push({ code: "config.unreadable", path: [], file, ...said });
      return undefined;
    }
    if (!again) this.#fileCount += 1;
    const add = (fault: Fault, place: SourcePlace): void => {
      if (again) return;
      this.#faults.push(
        secret
          ? { ...fault, file, path: fault.path.map(coveredStep), place: withoutText(place) }
          : { ...fault, file, place },
      );
    };
    if (!decoded.ok) {
      const { hint, message, place } = decoded;
      add({ code: "config.not-utf8", path: [], message, hint }, place);
    }
    const yaml = readYaml(decoded.text);
    if (!yaml.ok && decoded.ok)
      for (const { place, ...fault } of yaml.faults) add(secret ? covered(fault) : fault, place);
    const text = yaml.ok ? yaml : yaml.rest;
    const written = text?.value;
    const broken = !decoded.ok || text === undefined || (!yaml.ok && yaml.isGuess);
    if (broken)
      return { file, written, value: undefined, broken, report: () => {}, lineOf: () => 1 };
    const report = (fault: Fault): void => add(fault, text.locate(fault.path, fault.atKey));
    const checked = parse(written);
    for (const fault of checked.ok ? checked.warnings : checked.faults) report(fault);
    const value = checked.ok && yaml.ok ? checked.value : undefined;
    const lineOf = (path: readonly (string | number)[]): number => text.locate(path).line;
    return { file, written, value, broken, report, lineOf };
  }
}

function withoutText({ column, line, width }: SourcePlace): SourcePlace {
  return { line, column, width };
}

/** What stands where the name of a field belongs may be anything. */
function coveredStep(step: string | number): string | number {
  return typeof step === "number" || /^[a-z_]{1,16}$/.test(step) ? step : "***";
}

/** The parser's words quote what they stumbled over. */
function covered(fault: Fault): Fault {
  return { ...fault, message: fault.message.replace(/"[^"]*"?|[*\\]\S+/g, "***") };
}
