/**
 * Finds the `nats-server` program on this machine. Never downloads anything: `deploy/setup.sh`
 * installs it by the system's package manager.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { GatewayError } from "../core/errors.ts";

/** The oldest server whose JetStream has everything that is used here. */
const oldestServer = [2, 9] as const;

/** Debian puts it where a user's PATH does not look. */
const usualFolders = ["/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin"];

export interface NatsServerProgram {
  readonly path: string;
  /** `2.9.10` */
  readonly version: string;
}

/**
 * The first that is there of `$NATS_SERVER_BIN`, PATH and the usual folders. Throws
 * `nats.unavailable` when there is none, or it is too old.
 */
export function findNatsServer(env: NodeJS.ProcessEnv): NatsServerProgram {
  const named = env["NATS_SERVER_BIN"];
  const folders = [...(env["PATH"] ?? "").split(delimiter), ...usualFolders];
  const candidates = named ? [named] : folders.map((folder) => join(folder, "nats-server"));
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new GatewayError(
      "nats.unavailable",
      `no nats-server found in ${named ?? "PATH and /usr/sbin"}; install it (apt install nats-server, brew install nats-server), or set NATS_SERVER_BIN`,
    );
  }
  const version = versionOf(path);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < oldestServer[0] || (major === oldestServer[0] && minor < oldestServer[1])) {
    throw new GatewayError(
      "nats.unavailable",
      `${path} is version ${version}; ${oldestServer.join(".")} or newer is needed`,
    );
  }
  return { path, version };
}

function versionOf(path: string): string {
  try {
    const text = execFileSync(path, ["-v"], { encoding: "utf8", timeout: 10_000 });
    return /v?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? "0.0.0";
  } catch (thrown) {
    throw GatewayError.from(thrown, "nats.unavailable", `cannot run ${path} -v`);
  }
}
