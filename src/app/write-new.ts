import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { GatewayError } from "../core/errors.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";

/** Writes a file, with its folder, where none is yet. */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  } catch (thrown) {
    const why = systemCode(thrown) === "EEXIST" ? "it is there already" : systemReason(thrown);
    throw new GatewayError("output.unwritable", `cannot write ${file}: ${why}`, { cause: thrown });
  }
}
