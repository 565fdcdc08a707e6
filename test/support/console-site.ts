/** A site whose console can be looked at: the bundle that users run, with a nats-server beside it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { freePort } from "../../src/demo/free-port.ts";
import { type OwnNatsServer, startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { program } from "./gateway-program.ts";
import { JournaledProcess } from "./journaled-process.ts";
import { waitUntil } from "./wait-until.ts";

export interface ConsoleSiteOptions {
  /** Further lines of the configuration. */
  readonly configuration?: string;
  /** Files beside the configuration, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface ConsoleSite {
  readonly folder: string;
  readonly configPath: string;
  /** `http://127.0.0.1:…`: the same after each start. */
  readonly url: string;
  readonly mqttUrl: string;
  readonly mqttPort: number;
  /** `nats://127.0.0.1:…`: the same after each start. */
  readonly natsUrl: string;
  /** Of the process that was started last. */
  readonly pid: number;
  /** Starts all roles in one process, and waits until the console answers. */
  start(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGKILL for the backbone; resolves when it is gone. */
  stopBackbone(): Promise<void>;
  /** The same server at the same place. */
  startBackbone(): Promise<void>;
  /** What signs in whoever opens it first, as an admin. */
  link(): string;
  journal(): string;
  /** Ends everything and removes the folder. */
  close(): Promise<void>;
}

/** Writes it down and starts its backbone; whoever calls it calls `close`. */
export async function consoleSite(options: ConsoleSiteOptions = {}): Promise<ConsoleSite> {
  const folder = await mkdtemp(join(tmpdir(), "sluicegate-console-"));
  const [mqttPort, port, natsPort] = [await freePort(), await freePort(), await freePort()];
  const natsFolder = join(folder, "nats");
  let server: OwnNatsServer | undefined;
  const startBackbone = async (): Promise<void> => {
    server = await startNatsServer({ folder: natsFolder, port: natsPort });
  };
  await startBackbone();
  const configPath = join(folder, "sluicegate.yaml");
  await writeFile(
    configPath,
    `site: plant-a
gateway: { id: gw1, data: data }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${mqttPort}" }]
backbone: { servers: ["nats://127.0.0.1:${natsPort}"], retry_max: 1s }
status: { socket: ${JSON.stringify(join(folder, "s.sock"))} }
console: { listen: "127.0.0.1:${port}" }
${options.configuration ?? ""}`,
  );
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const running = new JournaledProcess(join(folder, "site.log"));
  const url = `http://127.0.0.1:${port}`;
  let begunAt = 0;
  const kill = async (): Promise<void> => void (await running.end("SIGKILL"));
  return {
    folder,
    configPath,
    url,
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    mqttPort,
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    get pid() {
      return running.pid;
    },
    async start() {
      begunAt = running.journal().length;
      running.start(execPath, program, "up", "--config", configPath);
      await waitUntil(async () => {
        if (!running.alive) throw new Error(`the site went away: ${running.journal()}`);
        return running.journal().slice(begunAt).includes("#token=") && (await isUp(url));
      }, "the console answers");
    },
    kill,
    stopBackbone: async () => void (await server?.kill()),
    startBackbone,
    link: () => /http\S+#token=\S+/.exec(running.journal().slice(begunAt))?.[0] ?? "",
    journal: () => running.journal(),
    async close() {
      await kill();
      await server?.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/livez`).then(
    (answer) => answer.ok,
    () => false,
  );
}
