import { compareFaults, type LocatedFault } from "../../../config/located-fault.ts";
import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

/** Read as a start would read them. */
export const configFiles: Check = {
  id: "config.files",
  group: "files",
  asks: "whether configuration, profiles, rules, plans and users files are right",
  explanation:
    "A process that runs goes on with what was right when it was read last; the next start refuses files with errors (exit 78). sluicegate validate names each place with its line.",
  async run({ configPath, load }) {
    const { faults: all, fileCount } = await load();
    // That has a check of its own.
    const faults = all.filter(({ code }) => code !== "config.half-changed");
    const next = `sluicegate validate ${configPath}`;
    const errors = faults.filter(({ severity }) => severity !== "warning");
    const [first] = errors.toSorted(compareFaults);
    if (first)
      return [
        error({
          what: `${counted(errors.length, "error")} in ${counted(fileCount, "file")}; the first: ${said(first)}`,
          why: "a start refuses these files; what runs goes on with what was right before",
          next,
        }),
      ];
    const [note] = faults.toSorted(compareFaults);
    if (note)
      return [
        warning({
          what: `${counted(faults.length, "warning")} in ${counted(fileCount, "file")}; the first: ${said(note)}`,
          why: "it runs, and may not do what was meant",
          next,
        }),
      ];
    return [ok(`${counted(fileCount, "file")} without a fault`)];
  },
};

function said({ file, message, place }: LocatedFault): string {
  return `${file}${place ? `:${place.line}` : ""}: ${message}`;
}
