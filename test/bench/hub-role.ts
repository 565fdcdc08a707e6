/** One role of the hub as users run it, with a configuration of its own. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RoleProgram, type RoleProgramOptions, roleProgram } from "../support/role-program.ts";
import { waitUntil } from "../support/wait-until.ts";

export interface HubRoleOptions extends Pick<RoleProgramOptions, "role" | "nodeOptions"> {
  readonly folder: string;
  readonly natsUrl: string;
  /** Further lines of the configuration. */
  readonly configuration: string;
}

export interface HubRole {
  readonly role: RoleProgramOptions["role"];
  readonly pid: number;
  readonly configPath: string;
  /** Resolves when it answers. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** SIGTERM; a processor profile is written then. Resolves with its longest block, where it tells. */
  stop(): Promise<number>;
  /** What blocked it so far is not counted. */
  forgetBlocks(): void;
  /** What it says of itself. */
  status(): Promise<unknown>;
}

export async function hubRole(options: HubRoleOptions): Promise<HubRole> {
  const { configuration, folder, natsUrl } = options;
  const configPath = join(folder, "sluicegate.yaml");
  const socket = join(folder, "s.sock");
  await writeFile(
    configPath,
    `site: plant-a
gateway: { id: hub, data: data }
backbone: { servers: ["${natsUrl}"] }
status: { socket: ${JSON.stringify(socket)} }
${configuration}
`,
  );
  const program: RoleProgram = roleProgram({ ...options, configPath });
  const status = (): Promise<unknown> =>
    waitUntil(() => program.status(socket), `the ${options.role} says how it is`);
  return {
    role: options.role,
    get pid() {
      return program.pid;
    },
    configPath,
    async start() {
      program.start();
      await status();
    },
    kill: () => program.kill(),
    async stop() {
      await program.stop();
      return Number(/"longestBlockMs":([0-9.]+)/.exec(program.journal())?.[1]);
    },
    forgetBlocks: () => void process.kill(program.pid, "SIGUSR2"),
    status,
  };
}
