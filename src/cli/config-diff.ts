/** `sluicegate config diff`: the file against the process that runs. */
import { isLiveSection } from "../app/reload-site.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { askProcessor } from "./ask-processor.ts";
import { type ConfigOptions, linesOfFile } from "./config-show.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";

interface Change {
  readonly path: string;
  /** As it is in the process that runs; null where it is not. */
  readonly running: string | null;
  /** As the file says it; null where it says nothing any more. */
  readonly file: string | null;
  /** When the file counts. */
  readonly counts: "after a reload" | "after a restart";
}

/** Prints each value that would change; exit 1 where there is one. */
export async function diffConfig(
  options: ConfigOptions & { readonly socket?: string },
): Promise<void> {
  const inFile = new Map(
    (await linesOfFile(options.config)).map(({ path, value }) => [path, value]),
  );
  const inForce = await runningValues(options);
  const changes = [...new Set([...inForce.keys(), ...inFile.keys()])].flatMap((path): Change[] => {
    const [running, file] = [inForce.get(path) ?? null, inFile.get(path) ?? null];
    const counts = isLiveSection(path) ? "after a reload" : "after a restart";
    return running === file ? [] : [{ path, running, file, counts }];
  });
  printAnswer(options, "config-diff/1", { changes }, () =>
    changes.length === 0
      ? ["the process that runs has what the file says"]
      : tableLines([
          ["FIELD", "RUNNING", "FILE", "COUNTS"],
          ...changes.map(({ counts, file, path, running }) => [
            ...[path, running ?? "-", file ?? "-"],
            counts,
          ]),
        ]),
  );
  if (changes.length > 0) process.exitCode = 1;
}

async function runningValues(
  options: ConfigOptions & { readonly socket?: string },
): Promise<ReadonlyMap<string, string>> {
  const answer = await askProcessor("config", options, {});
  if (!answer || !Array.isArray(answer["values"]))
    throw new GatewayError(
      "status.unreachable",
      "no process of this configuration runs here, or it is of an earlier version; " +
        "sluicegate config show prints what the file says",
    );
  return new Map(
    answer["values"].flatMap((one: unknown) =>
      isObject(one) ? [[String(one["path"]), String(one["value"])] as const] : [],
    ),
  );
}
