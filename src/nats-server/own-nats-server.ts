/**
 * A nats-server of our own: for `sluicegate up`, the demo and the tests.
 *
 * It listens on loopback, on a port the system gives, and says which through its ports file: a
 * neighbor's server on a well-known port is never taken for ours. It ends with this process, and one
 * that was left behind all the same is ended before another is started on its streams.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { GatewayError } from "../core/errors.ts";
import { endWithUs } from "./end-with-us.ts";
import { endLeftServer } from "./left-nats-server.ts";
import { findNatsServer } from "./nats-server-program.ts";

export interface OwnNatsServer {
  /** `nats://127.0.0.1:39421` */
  readonly url: string;
  readonly port: number;
  readonly version: string;
  readonly pid: number;
  /** Resolves when the server ends, for whatever reason, with how: `status 1`, `SIGKILL`. */
  readonly exited: Promise<string>;
  /** SIGKILL, as a crash; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface OwnNatsServerOptions {
  /** Where it keeps its streams and its own files. Made when missing. */
  readonly folder: string;
  /** The address it listens on. Default: 127.0.0.1. */
  readonly host?: string;
  /** A fixed port, so that a server started again is found where it was. Default: a free one. */
  readonly port?: number;
  /** More lines for its configuration file. */
  readonly configuration?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the server and waits until it takes connections; throws `nats.unavailable`. */
export async function startNatsServer(options: OwnNatsServerOptions): Promise<OwnNatsServer> {
  const program = findNatsServer(options.env ?? process.env);
  const folder = resolve(options.folder);
  const portsFolder = join(folder, "ports");
  await rm(portsFolder, { recursive: true, force: true });
  await mkdir(portsFolder, { recursive: true, mode: 0o700 });
  const configurationPath = join(folder, "nats-server.conf");
  const pidPath = join(folder, "nats-server.pid");
  await endLeftServer(pidPath, configurationPath);
  const configuration = [
    `listen: "${options.host ?? "127.0.0.1"}:${options.port ?? -1}"`,
    `ports_file_dir: ${JSON.stringify(portsFolder)}`,
    `pid_file: ${JSON.stringify(pidPath)}`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, "jetstream"))} }`,
    options.configuration ?? "",
  ].join("\n");
  await writeFile(configurationPath, configuration, { mode: 0o600 });

  const child = spawn(program.path, ["-c", configurationPath], {
    stdio: ["ignore", "ignore", "pipe"],
    // Ctrl-C in a terminal goes to the whole group; the server is stopped by us, last.
    detached: true,
  });
  const said = collectText(child);
  const exited = new Promise<string>((done) => {
    child.once("exit", (status, signal) => done(signal ?? `status ${status}`));
    child.once("error", (failure) => done(failure.message));
  });
  endWithUs(child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };

  const url = await waitForUrl(portsFolder, child, 60_000);
  if (url === undefined) {
    await end("SIGKILL");
    throw new GatewayError("nats.unavailable", `${program.path} did not start: ${said()}`);
  }
  return {
    url,
    port: Number(new URL(url).port),
    version: program.version,
    pid: child.pid ?? 0,
    exited,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

async function waitForUrl(
  folder: string,
  child: ChildProcess,
  limitMs: number,
): Promise<string | undefined> {
  const until = performance.now() + limitMs;
  while (performance.now() < until && child.exitCode === null && child.pid !== undefined) {
    const name = (await readdir(folder)).find((file) => file.endsWith(".ports"));
    if (name !== undefined) {
      const url = /"nats":\s*\[\s*"([^"]+)"/.exec(await readFile(join(folder, name), "utf8"))?.[1];
      if (url !== undefined) return url;
    }
    await pause(20);
  }
  return undefined;
}

/** The last few lines that the server wrote, for the message when it does not start. */
function collectText(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (part: string) => {
    text = (text + part).slice(-2_000);
  });
  return () => text.trim().split("\n").slice(-3).join(" | ");
}
