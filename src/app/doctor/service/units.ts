/** What systemd says of our services. */
import type { DoctorSurroundings } from "../check.ts";
import { runProgram } from "../run-program.ts";

export interface Unit {
  readonly name: string;
  /** By the names of systemd: `ActiveState`, `NRestarts`. */
  readonly facts: ReadonlyMap<string, string>;
}

const wanted = [
  ...["Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "Result", "NRestarts"],
  ...["WatchdogUSec", "ExecMainStartTimestamp", "ExecMainStatus"],
];

/** Those that are installed; undefined where there is no systemd to ask. */
export async function readUnits(around: DoctorSurroundings): Promise<readonly Unit[] | undefined> {
  const args = ["show", "--all", `--property=${wanted.join(",")}`, "sluicegate*.service"];
  const text = await runProgram("systemctl", args, around);
  if (text === undefined) return undefined;
  const units = text.split(/\n\s*\n/).map((part): Unit => {
    const facts = new Map(
      part.split("\n").flatMap((line) => {
        const at = line.indexOf("=");
        return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
      }),
    );
    return { name: facts.get("Id") ?? "", facts };
  });
  return units.filter(({ facts, name }) => name !== "" && facts.get("LoadState") === "loaded");
}
