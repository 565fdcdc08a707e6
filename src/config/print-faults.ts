/** Faults as text for people, as JSON for programs and as annotations for GitHub. */
import { counted } from "../core/counted.ts";
import { printable } from "../core/printable.ts";
import { coverFault } from "./cover-fault.ts";
import { compareFaults, type LocatedFault, type SourcePlace } from "./located-fault.ts";

export type FaultFormat = "text" | "json" | "github";

/** How many faults of each kind there are, in how many files that were read. */
export interface FaultCount {
  readonly errors: number;
  readonly warnings: number;
  readonly files: number;
}

export function countFaults(faults: readonly LocatedFault[], files: number): FaultCount {
  const warnings = faults.filter(({ severity }) => severity === "warning").length;
  return { errors: faults.length - warnings, warnings, files };
}

/** `2 errors, 1 warning in 5 files`. */
export function countSentence({ errors, warnings, files }: FaultCount): string {
  return `${counted(errors, "error")}, ${counted(warnings, "warning")} in ${counted(files, "file")}`;
}

/** All faults in the order of their files and places; ends with a line break unless there are none. */
export function printFaults(
  faults: readonly LocatedFault[],
  files: number,
  format: FaultFormat,
): string {
  const sorted = faults.toSorted(compareFaults).map(coverFault);
  switch (format) {
    case "text":
      return sorted.map(faultText).join("");
    case "github":
      return sorted.map(githubLine).join("");
    case "json": {
      const counts = countFaults(faults, files);
      const report = {
        schema: "sluicegate.validate/1",
        ...counts,
        faults: faultsForPrograms(faults),
      };
      return `${printable(JSON.stringify(report))}\n`;
    }
  }
}

/** The same as objects, in the same order. */
export function faultsForPrograms(faults: readonly LocatedFault[]): object[] {
  return faults.toSorted(compareFaults).map(coverFault).map(faultJson);
}

/** `file:line:column error[code] message`, the line, a caret below the place, the hint. */
function faultText(fault: LocatedFault): string {
  const { place, hint } = fault;
  const head = `${positionOf(fault)} ${severityOf(fault)}[${fault.code}] ${fault.message}`;
  const lines = hasText(place)
    ? [head, sourceLine(place), caretLine(place, hint)]
    : [head, ...(hint ? [`     | ${hint}`] : [])];
  return `${lines.map(printable).join("\n")}\n`;
}

type ShownPlace = SourcePlace & { readonly text: string };

function hasText(place: SourcePlace | undefined): place is ShownPlace {
  return place?.text !== undefined;
}

function sourceLine({ line, text }: ShownPlace): string {
  return `${String(line).padStart(4)} | ${spaceTabs(text)}`;
}

function caretLine({ column, text, width }: ShownPlace, hint: string | undefined): string {
  const indent = " ".repeat(printable(spaceTabs(text.slice(0, column - 1))).length);
  return `     | ${indent}${"^".repeat(width)}${hint ? ` ${hint}` : ""}`;
}

/** A tab is as wide as a terminal likes; the caret below needs one width. */
function spaceTabs(text: string): string {
  return text.replaceAll("\t", " ");
}

function positionOf({ file, place }: LocatedFault): string {
  return place ? `${file}:${place.line}:${place.column}` : file;
}

function severityOf(fault: LocatedFault): "error" | "warning" {
  return fault.severity ?? "error";
}

function faultJson(fault: LocatedFault): object {
  const { code, file, hint, message, path, place } = fault;
  const at = place ? { line: place.line, column: place.column } : {};
  const severity = severityOf(fault);
  return { file, ...at, severity, code, message, ...(hint ? { hint } : {}), path };
}

function githubLine(fault: LocatedFault): string {
  const { file, hint, message, place } = fault;
  const properties = [`file=${githubProperty(file)}`];
  if (place) properties.push(`line=${place.line}`, `col=${place.column}`);
  properties.push(`title=${githubProperty(fault.code)}`);
  const text = githubText(hint ? `${message}; ${hint}` : message);
  return `${printable(`::${severityOf(fault)} ${properties.join(",")}::${text}`)}\n`;
}

function githubText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function githubProperty(text: string): string {
  return githubText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
