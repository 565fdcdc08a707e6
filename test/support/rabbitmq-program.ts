/** A real RabbitMQ as a process of a node, ports and folders of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { promisify } from "node:util";
import { freePort } from "../../src/demo/free-port.ts";
import { waitUntil } from "./wait-until.ts";

const run = promisify(execFile);
const folderOfPrograms = "/usr/lib/rabbitmq/bin";

/** Whether tests with one are run: they are asked for, since it takes long to start, and it is here. */
export const hasRabbit =
  process.env["TEST_BRIDGE"] === "1" && existsSync(`${folderOfPrograms}/rabbitmq-server`);

export class RabbitProgram {
  readonly port: number;
  readonly #env: NodeJS.ProcessEnv;
  /** By which nodes of Erlang find each other; without one of its own a server would leave one behind. */
  readonly #names: ChildProcess;
  #child: ChildProcess | undefined;

  constructor(port: number, names: ChildProcess, env: NodeJS.ProcessEnv) {
    this.port = port;
    this.#names = names;
    this.#env = env;
  }

  get url(): string {
    return `amqp://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#child = spawn(`${folderOfPrograms}/rabbitmq-server`, {
      env: this.#env,
      stdio: "ignore",
      // The server is a child of its script: both end together.
      detached: true,
    });
    await waitUntil(() => greets(this.port), "RabbitMQ answers", 120_000, 200);
  }

  /** At once: all of its processes. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }

  /** The same, for good. */
  async end(): Promise<void> {
    await this.kill();
    this.#names.kill("SIGKILL");
  }

  async control(...words: string[]): Promise<string> {
    const { stdout } = await run(`${folderOfPrograms}/rabbitmqctl`, words, { env: this.#env });
    return stdout;
  }
}

/** Starts one on free ports; whoever starts it ends it. `more` are lines of its configuration. */
export async function startRabbit(
  folder: string,
  more: readonly string[] = [],
): Promise<RabbitProgram> {
  const [port, distribution, naming] = [await freePort(), await freePort(), await freePort()];
  const names = spawn("epmd", ["-port", String(naming), "-address", "127.0.0.1"], {
    stdio: "ignore",
  });
  await writeFile(`${folder}/enabled_plugins`, "[].\n");
  const limits = "vm_memory_high_watermark.absolute = 512MB\ndisk_free_limit.absolute = 1MB\n";
  const lines = [`listeners.tcp.1 = 127.0.0.1:${port}`, limits, ...more, ""];
  await writeFile(`${folder}/rabbitmq.conf`, lines.join("\n"));
  const rabbit = new RabbitProgram(port, names, {
    ...process.env,
    HOME: folder,
    RABBITMQ_NODENAME: `test-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_BASE: folder,
    RABBITMQ_MNESIA_BASE: `${folder}/mnesia`,
    RABBITMQ_LOG_BASE: `${folder}/log`,
    RABBITMQ_CONFIG_FILE: `${folder}/rabbitmq.conf`,
    RABBITMQ_ENABLED_PLUGINS_FILE: `${folder}/enabled_plugins`,
    RABBITMQ_PID_FILE: `${folder}/pid`,
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(naming),
  });
  await rabbit.start();
  return rabbit;
}

/** A server that is up answers a head of another protocol with its own. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write("AMQP\0\0\0\0"));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on("data", () => {
      resolve(true);
      socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(false));
  });
}
