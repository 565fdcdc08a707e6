/** The real gateway as a process: the bundle that users run, with a configuration of one's own. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { freePort } from "../../src/demo/free-port.ts";
import type { GatewayStatus } from "../../src/gateway/gateway-status.ts";
import { gatewayStatusOf } from "../../src/gateway/read-gateway-status.ts";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { JournaledProcess } from "./journaled-process.ts";
import { type Fault, plantedProgram } from "./planted-program.ts";
import { waitUntil, waitWhileMoving } from "./wait-until.ts";

/** Only ends what hangs: on a machine with much else to do a start takes half a minute. */
const startLimitMs = 240_000;

/** The bundle; `npm test` and `npm run bench` build it first. */
export const program = fileURLToPath(new URL("../../dist/sluicegate.js", import.meta.url));

/** The bundle, or a program that breaks a promise. */
export async function programWith(fault: Fault | undefined): Promise<string> {
  return fault === undefined ? program : plantedProgram(fault);
}

export interface GatewayProgramOptions {
  readonly folder: string;
  readonly natsUrl: string;
  /** Further fields of `backbone`: `{ servers: [...], replicas: 3 }`. */
  readonly backboneFields?: object;
  /** Default: gw1 at plant-a. */
  readonly origin?: { readonly site: string; readonly gateway: string };
  /** Data folder; default: `data` in the folder. */
  readonly data?: string;
  /** Status socket; default: `gateway.sock` in the folder. */
  readonly socket?: string;
  /** Who may see the status; default: nobody else. */
  readonly group?: string;
  /** Further ways in, as entries of `sources`. */
  readonly sources?: readonly object[];
  /** Further lines of the configuration. */
  readonly configuration?: string;
  /** Runs the program with this fault. */
  readonly fault?: Fault | undefined;
  /** Put before the command: `["strace", "-f", ...]`. */
  readonly wrap?: readonly string[];
  /** For node itself: `["--cpu-prof"]`. */
  readonly nodeOptions?: readonly string[];
  /** Default: the bundle that was built last. */
  readonly program?: string;
  /** Default: a free port. */
  readonly mqttPort?: number;
}

export interface GatewayProgram {
  /** `mqtt://127.0.0.1:…`: the same after each start. */
  readonly mqttUrl: string;
  readonly mqttPort: number;
  readonly configPath: string;
  /** Of the process that was started last; 0 before the first. */
  readonly pid: number;
  /** The process that was started last is still there. */
  readonly alive: boolean;
  /** Starts it, with further arguments, and waits until devices may connect. */
  start(...args: readonly string[]): Promise<void>;
  /** Makes the next start look for the backbone at another port of loopback. */
  redirect(natsPort: number): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit status. */
  stop(): Promise<number | null>;
  status(): Promise<GatewayStatus>;
  /** Waits until the backbone has everything; rejects when nothing moved for `stillMs`. */
  drained(stillMs?: number): Promise<void>;
  journal(): string;
}

/** Writes the configuration; nothing runs until `start`, and whoever starts it ends it. */
export async function gatewayProgram(options: GatewayProgramOptions): Promise<GatewayProgram> {
  const { data = "data", folder, natsUrl, nodeOptions = [], wrap = [] } = options;
  const { gateway: id, site } = options.origin ?? { gateway: "gw1", site: "plant-a" };
  const backbone = { servers: [natsUrl], retry_max: "1s", ...options.backboneFields };
  const bundle = options.program ?? (await programWith(options.fault));
  const mqttPort = options.mqttPort ?? (await freePort());
  const configPath = join(folder, "sluicegate.yaml");
  const broker = { kind: "mqtt-broker", listen: `127.0.0.1:${mqttPort}` };
  const sources = [broker, ...(options.sources ?? [])];
  const socket = options.socket ?? join(folder, "gateway.sock");
  await writeFile(
    configPath,
    `site: ${site}
gateway: { id: ${id}, data: ${JSON.stringify(data)} }
sources: ${JSON.stringify(sources)}
backbone: ${JSON.stringify(backbone)}
status: ${JSON.stringify({ socket, group: options.group })}
${options.configuration ?? ""}`,
  );
  const running = new JournaledProcess(join(folder, "gateway.log"));
  const status = async (): Promise<GatewayStatus | undefined> =>
    gatewayStatusOf(await readStatus(socket).catch(() => undefined));

  return {
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    mqttPort,
    configPath,
    get pid() {
      return running.pid;
    },
    get alive() {
      return running.alive;
    },
    async redirect(natsPort) {
      const text = await readFile(configPath, "utf8");
      const servers = `"servers":["nats://127.0.0.1:${natsPort}"]`;
      await writeFile(configPath, text.replace(/"servers":\[[^\]]*\]/, servers));
    },
    async start(...more) {
      const command = [execPath, ...nodeOptions, bundle, "run", "gateway", "--config", configPath];
      running.start(...wrap, ...command, ...more);
      await waitUntil(
        async () => {
          if (!running.alive) throw new Error(`the gateway went away: ${running.journal()}`);
          return (await status()) !== undefined;
        },
        "the gateway is up",
        startLimitMs,
      );
    },
    kill: async () => void (await running.end("SIGKILL")),
    stop: () => running.end("SIGTERM"),
    status: () => waitUntil(status, "the gateway says how it is"),
    async drained(stillMs) {
      let now: GatewayStatus | undefined;
      await waitWhileMoving(
        async () => {
          now = await status();
          return now?.link.kind === "linked" && now.buffer.waitingRecords === 0;
        },
        () => `${now?.link.kind}, ${now?.link.sent} sent, ${now?.buffer.waitingRecords} waiting`,
        "the backbone has everything",
        stillMs,
      );
    },
    journal: () => running.journal(),
  };
}
