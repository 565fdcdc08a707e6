/**
 * Reading the files of a site again while its process runs: profiles, devices and rules count at
 * once, all else from the next start. Files with faults change nothing, and neither do those of which a
 * change of the fleet has replaced some only.
 */
import { printFaults } from "../config/print-faults.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import type { SiteAgain } from "../config/site/site-again.ts";
import { type Audit, ownAct } from "../core/audit.ts";
import { isObject } from "../core/is-object.ts";
import type { Logger } from "../core/logger.ts";
import { systemReason } from "../core/system-reason.ts";
import type { Role } from "./role.ts";

/** What became of it, for the person who asked. */
export type ReloadOutcome =
  | {
      readonly outcome: "reloaded";
      /** Sections of the configuration that changed and count from the next start only. */
      readonly waiting: readonly string[];
    }
  | {
      readonly outcome: "refused";
      /** Every fault of every file, as `validate` prints it. */
      readonly faults: string;
    };

export interface ReloadDependencies {
  /** What the process runs with. */
  readonly site: LoadedSite;
  readonly again: SiteAgain;
  readonly roles: () => Iterable<Role>;
  /** Told of files that were read and are right. */
  readonly taken?: (site: LoadedSite) => void;
  readonly logger: Logger;
  readonly audit: Audit;
}

/** Sections that count at once. */
const live: ReadonlySet<string> = new Set(["devices", "profiles", "rules"]);

/** True for a field, such as `rules.files[0]`, that counts without a restart. */
export function isLiveSection(path: string): boolean {
  return live.has(path.replace(/[.[].*$/s, ""));
}

/** What a process has in force that was started with one configuration and has read another one since. */
export function writtenInForce(atStart: unknown, since: unknown): object {
  const [old, fresh] = [atStart, since].map((written) => (isObject(written) ? written : {}));
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(fresh ?? {})])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = live.has(name) ? fresh?.[name] : old?.[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * Gives the function that reads again. One reading is under way at a time; all who ask meanwhile share
 * the one that follows it, so that a storm of signals costs two. A reading that fails is no obstacle
 * to the next.
 */
export function reloading(deps: ReloadDependencies): () => Promise<ReloadOutcome> {
  let underWay: Promise<unknown> = Promise.resolve();
  let following: Promise<ReloadOutcome> | undefined;
  return () => {
    following ??= underWay.then(() => {
      following = undefined;
      const now = reload(deps);
      underWay = now.catch(() => {});
      return now;
    });
    return following;
  };
}

async function reload({
  again,
  audit,
  logger,
  roles,
  site,
  taken,
}: ReloadDependencies): Promise<ReloadOutcome> {
  const result = await again.load().catch((thrown: unknown) => systemReason(thrown));
  const isHalf = typeof result !== "string" && result.site?.halfChanged !== undefined;
  if (typeof result === "string" || !result.ok || isHalf) {
    const faults =
      typeof result === "string"
        ? `${result}\n`
        : printFaults(result.faults, result.fileCount, "text");
    logger.error("the files of the site have faults; what runs goes on as it was", { faults });
    const count = typeof result === "string" ? 1 : result.faults.length;
    audit.note(
      ownAct("reload", again.path, "failed", `${faults.split("\n", 1)[0]} (${count} faults)`),
    );
    if (typeof result !== "string" && !isHalf)
      for (const role of roles()) role.reloadRefused?.(result.faults);
    return { outcome: "refused", faults };
  }
  const waiting = changedSections(site.written, result.site.written).filter(
    (name) => !live.has(name),
  );
  for (const role of roles()) role.reload?.(result.site);
  taken?.(result.site);
  const text = waiting.length > 0 ? `from the next start on: ${waiting.join(", ")}` : "all counts";
  audit.note(ownAct("reload", again.path, "done", text));
  logger.info("the files of the site were read again", {
    files: result.fileCount,
    ...(waiting.length > 0 && { fromNextStart: waiting }),
  });
  return { outcome: "reloaded", waiting };
}

function changedSections(before: unknown, now: unknown): string[] {
  const [old, fresh] = [before, now].map((written) => (isObject(written) ? written : {}));
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(fresh ?? {})]);
  return [...names].filter((name) => JSON.stringify(old?.[name]) !== JSON.stringify(fresh?.[name]));
}
