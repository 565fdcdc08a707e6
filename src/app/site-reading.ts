import type { LocatedFault } from "../config/located-fault.ts";
import { readYaml } from "../config/read-yaml.ts";
import type { Checked, Fault } from "../core/fault.ts";
import { systemReason } from "../core/system-reason.ts";
import type { SiteFiles } from "./site-files.ts";

/** One file that is YAML; what it says may be wrong. */
export interface SiteFile<T> {
  readonly file: string;
  /** As it stands there, before anything is checked. */
  readonly written: unknown;
  /** Undefined when the file has faults. */
  readonly value: T | undefined;
  /** Adds a fault that shows only beside other files. */
  report(fault: Fault): void;
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

  /**
   * Reads and checks one file; undefined when it is not there or not YAML. A file that cannot be
   * read is a fault of whoever names it: `unreadable` is told, or else the file itself is blamed.
   */
  async read<T>(
    file: string,
    parse: (value: unknown) => Checked<T>,
    unreadable?: (message: string) => void,
  ): Promise<SiteFile<T> | undefined> {
    let text: string;
    try {
      text = await this.#files.readFile(file);
    } catch (thrown) {
      const message = `cannot read ${file}: ${systemReason(thrown)}`;
      if (unreadable) unreadable(message);
      else this.#faults.push({ code: "config.unreadable", path: [], file, message });
      return undefined;
    }
    this.#fileCount += 1;
    const yaml = readYaml(text);
    if (!yaml.ok) {
      this.#faults.push(...yaml.faults.map((fault) => ({ ...fault, file })));
      return undefined;
    }
    const report = (fault: Fault): void => {
      this.#faults.push({ ...fault, file, place: yaml.locate(fault.path, fault.atKey) });
    };
    const checked = parse(yaml.value);
    for (const fault of checked.ok ? checked.warnings : checked.faults) report(fault);
    const value = checked.ok ? checked.value : undefined;
    return { file, written: yaml.value, value, report };
  }
}
