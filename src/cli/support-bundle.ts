/** `sluicegate support-bundle`: what somebody needs who is to help, and no secret. */
import { writeFile } from "node:fs/promises";
import { bundleParts } from "../app/support/bundle-parts.ts";
import { makeBundle } from "../app/support/write-bundle.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { formatSize } from "../core/size.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { isMeant } from "./is-meant.ts";

export interface SupportBundleOptions {
  readonly config: string;
  readonly out?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Says what will be in it before anything is read. */
export async function runSupportBundle(options: SupportBundleOptions): Promise<void> {
  const path = options.out ?? `sluicegate-support-${stamp()}.tar.gz`;
  const width = Math.max(...bundleParts.map(({ name }) => name.length));
  say(`${path} would have in it, redacted, no more than 1 MiB each:`);
  for (const { name, what } of bundleParts) say(`  ${name.padEnd(width)}  ${what}`);
  say("No event, no message of a device, no password, key, token or user is in it.");
  if (options.dryRun) return;
  if (!(await isMeant("write it", options))) return;
  const { bytes, parts } = await makeBundle(options.config, process.env);
  await write(path, bytes);
  for (const { name, trouble } of parts) if (trouble !== undefined) say(`  ${name}: ${trouble}`);
  say(
    `wrote ${path}, ${formatSize(bytes.length)}; look into it before you send it: tar -xzf ${path}`,
  );
}

async function write(path: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: "wx", mode: 0o600 });
  } catch (thrown) {
    const isThere = systemCode(thrown) === "EEXIST";
    const next = isThere
      ? "name another with --out"
      : "name a folder that you may write with --out";
    const message = `cannot write ${path}: ${systemReason(thrown)}; ${next}`;
    throw new GatewayError(isThere ? "usage" : "output.unwritable", message, { cause: thrown });
  }
}

/** `20261130-005912`, in UTC. */
function stamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}

function say(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}
