/** A situation in which a check has to say that something is wrong. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checks } from "../../../src/app/doctor/checks.ts";
import type { Finding } from "../../../src/app/doctor/finding.ts";
import { openSurroundings } from "../../../src/app/doctor/open-surroundings.ts";
import { runChecks } from "../../../src/app/doctor/run-checks.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { tempFolder } from "../../support/temp-folder.ts";

export interface Situation {
  /** Of the site; a text is written as it is. */
  readonly config?: object | string;
  /** Folder of the site, where a fixture made one. */
  readonly folder?: string;
  /** Files in place of the system's own. */
  readonly system?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeVersion?: string;
  /** What the running processes say; without it nobody runs. */
  readonly status?: object;
  readonly capMs?: number;
}

export interface Fixture {
  readonly verdict: "warning" | "error";
  readonly says: RegExp;
  set(): Promise<Situation> | Situation;
}

export type Fixtures = Readonly<Record<string, Fixture>>;

/** What one check finds there. */
export async function examine(id: string, situation: Situation): Promise<readonly Finding[]> {
  const { capMs = 60_000, config = {}, env, nodeVersion, status, system } = situation;
  const folder = situation.folder ?? (await tempFolder());
  const configPath = join(folder, "sluicegate.yaml");
  const text =
    typeof config === "string" ? config : JSON.stringify({ gateway: { id: "gw1" }, ...config });
  await writeFile(configPath, text);
  const around = openSurroundings({
    ...{ capMs, configPath, env: env ?? process.env, nodeVersion },
    root: system && (await systemFolder(system)),
    status: status && (() => status),
  });
  const chosen = checks.filter((check) => check.id === id);
  const found: Finding[] = [];
  for await (const { findings } of runChecks(chosen, around, { clock: systemClock, capMs }))
    found.push(...findings);
  await around.close();
  return found;
}

async function systemFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await tempFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/** A folder with a program of that name that prints a text, to be put on the PATH. */
export async function plantProgram(name: string, prints: string): Promise<NodeJS.ProcessEnv> {
  const folder = await tempFolder();
  await writeFile(join(folder, name), `#!/bin/sh\ncat <<'END'\n${prints}\nEND\n`, { mode: 0o755 });
  return { ...process.env, PATH: `${folder}:/usr/bin:/bin` };
}
