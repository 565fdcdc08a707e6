/** `sluicegate reset`: makes a box forget its site before it goes to somebody else. */
import { planReset, type ResetPlan } from "../app/reset/plan-reset.ts";
import { refuseRunning, resetSite } from "../app/reset/reset-site.ts";
import { counted } from "../core/counted.ts";
import { formatSize } from "../core/size.ts";
import { isMeant } from "./is-meant.ts";
import { printLines } from "./print-table.ts";
import { placeOf } from "./site.ts";

/** Exit 1 where something could not be wiped. */
export async function runReset(options: {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly freeSpace?: boolean;
  readonly yes?: boolean;
}): Promise<void> {
  const place = await placeOf(options.config);
  await refuseRunning(place);
  const plan = await planReset(place);
  printLines(describePlan(plan));
  if (options.dryRun || plan.data.length + plan.secrets.length === 0) return;
  if (!(await isMeant("wipe all of it, for good", options))) return;
  const failures = await resetSite(place, plan, options);
  const isEncrypted = place.config.buffer.encryption?.key !== undefined;
  printLines(failures.length > 0 ? describeFailures(failures) : describeEnd(isEncrypted));
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function describePlan({ data, dataFolder, elsewhere, secrets }: ResetPlan): readonly string[] {
  const files = data.filter(({ kind }) => kind === "file");
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    ...secrets.map(({ path }) => `secret   ${path}`),
    `data     ${dataFolder}: ${counted(files.length, "file")}, ${formatSize(bytes)}`,
    ...elsewhere.map(
      (path) => `left     ${path}: outside of the configuration's folder; wipe it yourself`,
    ),
  ];
}

function describeFailures(failures: readonly string[]): readonly string[] {
  return [
    ...failures.map((failure) => `not wiped   ${failure}`),
    "all else is wiped; run it again as a user who may write there",
  ];
}

/** What writing over files is worth, in plain words. */
function describeEnd(isEncrypted: boolean): readonly string[] {
  return [
    "wiped: every file was written over before it was deleted",
    isEncrypted
      ? "the buffer was encrypted and its key is gone: what a card still holds of it, nobody reads"
      : "the buffer was not encrypted: cards and SSDs write elsewhere when a file is written over, and " +
        "may hold old pages that no program reaches; erase or destroy the medium where that matters",
    "copies of keys and of the folder that were made elsewhere are still there, and so is the journal",
    "a gateway of the same name goes on in its stream once it is started with `run --take-over`",
  ];
}
