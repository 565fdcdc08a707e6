/** `sluicegate fleet`: many gateways of one folder. */
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Applied, applyBundle } from "../app/fleet/apply-bundle.ts";
import { mostBundleBytes } from "../app/fleet/bundle.ts";
import { bundleFleet, renderFleet } from "../app/fleet/bundle-fleet.ts";
import { FleetState } from "../app/fleet/fleet-state.ts";
import { type FleetResult, validateFleet } from "../app/fleet/validate-fleet.ts";
import { countFaults, countSentence, printFaults } from "../config/print-faults.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { isMeant } from "./is-meant.ts";
import { filesHere, placeOf } from "./site.ts";

export async function runValidate(folder: string): Promise<number> {
  const result = await validateFleet(folder, filesHere());
  process.stdout.write(printFaults(result.faults, result.fileCount, "text"));
  const counts = countFaults(result.faults, result.fileCount);
  process.stdout.write(`${counted(result.rendered.length, "gateway")}: ${countSentence(counts)}\n`);
  return counts.errors > 0 ? 1 : 0;
}

export async function runRender(
  ids: readonly string[],
  { folder, out }: { readonly folder: string; readonly out?: string },
): Promise<number> {
  const result = await validOf(folder, ids);
  if (!result?.read) return 1;
  const [first] = result.rendered;
  if (out !== undefined) {
    await renderFleet(result.read, result.rendered, filesHere(), out);
    process.stdout.write(`wrote ${counted(result.rendered.length, "gateway")} into ${out}\n`);
  } else if (ids.length === 1 && first) process.stdout.write(first.text);
  else
    throw new GatewayError("usage", "name one gateway to print it, or --out for a folder of all");
  return 0;
}

export async function runBundle(
  ids: readonly string[],
  { folder, key, out }: { readonly folder: string; readonly key: string; readonly out: string },
): Promise<number> {
  const result = await validOf(folder, ids);
  if (!result?.read) return 1;
  const privateKey = await textOf(key);
  const paths = await bundleFleet(result.read, result.rendered, filesHere(), { out, privateKey });
  process.stdout.write(
    `wrote ${counted(paths.length, "bundle")} of version ${result.read.fleet.version} into ${out}\n` +
      "next, on each gateway: sluicegate fleet apply <bundle>\n",
  );
  return 0;
}

/** Undefined where it has errors, which are printed. */
async function validOf(folder: string, ids: readonly string[]): Promise<FleetResult | undefined> {
  const result = await validateFleet(folder, filesHere(), new Set(ids));
  const known = result.read?.fleet.gateways.map(({ id }) => id) ?? [];
  const stranger = result.read && ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    const meant = suggest(stranger, known);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new GatewayError("usage", `no gateway of the fleet is named ${stranger}${hint}`);
  }
  const { errors } = countFaults(result.faults, result.fileCount);
  process.stderr.write(printFaults(result.faults, result.fileCount, "text"));
  if (errors === 0) return result;
  process.stderr.write("nothing was written\n");
  return undefined;
}

export interface ApplyFlags {
  readonly config: string;
  readonly key?: string;
  readonly id?: string;
  readonly rollback?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function runApply(path: string | undefined, flags: ApplyFlags): Promise<number> {
  const configPath = resolve(flags.config);
  if (path === undefined) return goBack(configPath, flags);
  const { dryRun = false, rollback = false, yes } = flags;
  const publicKey = await publicKeyOf(flags.key ?? join(dirname(configPath), "fleet.pub"));
  const text = await textOf(path);
  const gateway = flags.id ?? (await ownId(configPath));
  if (gateway === undefined)
    throw new GatewayError("usage", `${configPath} does not say whose machine this is: add --id`);
  const apply = (isTrial: boolean): Promise<Applied> =>
    inFolder(configPath, () =>
      applyBundle(text, filesHere(), { configPath, publicKey, gateway, rollback, dryRun: isTrial }),
    );
  const trial = await apply(true);
  process.stderr.write(printFaults(trial.faults, 1, "text"));
  if (countFaults(trial.faults, 1).errors > 0) {
    process.stderr.write("the bundle is refused: its files have errors; nothing was changed\n");
    return 1;
  }
  const from = trial.before === undefined ? "" : `, in place of version ${trial.before}`;
  process.stdout.write(
    `version ${trial.version} for ${trial.gateway}${from}: verified and valid\n`,
  );
  if (dryRun || !(await isMeant("put it in place", { yes }))) return 0;
  tellNext((await apply(false)).changed, flags);
  return 0;
}

async function goBack(configPath: string, { config, rollback, yes }: ApplyFlags): Promise<number> {
  if (!rollback)
    throw new GatewayError("usage", "name a bundle, or add --rollback to go back to what was kept");
  const state = await inFolder(configPath, () => FleetState.open(dirname(configPath)));
  if (!(await isMeant(`go back from version ${state.version}`, { yes }))) return 0;
  const version = await inFolder(configPath, () => state.goBack());
  process.stdout.write(`version ${version ?? "of before the fleet"} is in place again\n`);
  tellNext([configPath], { config });
  return 0;
}

/** What the disk does not take, or this user may not, is no fault of ours. */
async function inFolder<T>(configPath: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const isUnwritable = thrown instanceof GatewayError && thrown.code === "output.unwritable";
    if (!isUnwritable && systemCode(thrown) === undefined) throw thrown;
    const why = isUnwritable ? thrown.message : systemReason(thrown);
    throw new GatewayError(
      "output.unwritable",
      `cannot change the files in ${dirname(configPath)}: ${why}; what was begun is taken back ` +
        "now or by the next call; run it as a user who may write there",
      { cause: thrown },
    );
  }
}

function tellNext(changed: readonly string[], { config }: Pick<ApplyFlags, "config">): void {
  const named = config === "sluicegate.yaml" ? "" : ` --config ${config}`;
  process.stdout.write(
    changed.length === 0
      ? "nothing in it is new\n"
      : `changed ${changed.join(", ")}\nnext: sluicegate reload${named}   for profiles, devices and rules\n` +
          "      systemctl restart 'sluicegate*'   for other sections\n",
  );
}

function ownId(configPath: string): Promise<string | undefined> {
  return placeOf(configPath).then(
    ({ config }) => config.gateway.id,
    () => undefined,
  );
}

async function publicKeyOf(path: string): Promise<string> {
  try {
    return await textOf(path);
  } catch (thrown) {
    const { message } = GatewayError.from(thrown, "usage", `cannot read ${path}`);
    const advice = "put the public key of your fleet there, or name it with --key";
    throw new GatewayError("usage", `${message}; ${advice}`, { cause: thrown });
  }
}

async function textOf(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > mostBundleBytes)
      throw new GatewayError("usage", `${path} is over 16 MiB: that is no bundle`);
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    throw new GatewayError("usage", `cannot read ${path}: ${systemReason(thrown)}`, {
      cause: thrown,
    });
  }
}
