/**
 * Where the bench works: a folder of its own, and the processes that it started. `close` ends every
 * one of them by its process id and removes the folder.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleSettings } from "../../deploy/bundle-settings.ts";
import {
  type OwnNatsServer,
  type OwnNatsServerOptions,
  startNatsServer,
} from "../../src/nats-server/own-nats-server.ts";
import {
  type GatewayProgram,
  type GatewayProgramOptions,
  gatewayProgram,
} from "../support/gateway-program.ts";
import { type InfluxProgram, influxProgram } from "../support/influxd.ts";
import { JournaledProcess } from "../support/journaled-process.ts";
import { type MosquittoProgram, startMosquitto } from "../support/mosquitto-program.ts";
import { type VictoriaProgram, victoriaProgram } from "../support/victoria-metrics.ts";
import { type HubRole, type HubRoleOptions, hubRole } from "./hub-role.ts";
import type { LoadAnswer, LoadArguments } from "./programs/reports.ts";

const programNames = [
  "aedes-alone",
  "broker-alone",
  "disk-alone",
  "fleet",
  "flood",
  "hand-over-alone",
  "influx-alone",
  "load",
  "log-alone",
  "longest-block",
  "normalize-alone",
  "codecs-alone",
  "publish-alone",
  "registry-alone",
  "stream-reader",
] as const;
export type ProgramName = (typeof programNames)[number];

/** A program of the bench that has answered; it may run on. */
export interface RunningProgram<A> {
  readonly pid: number;
  readonly answer: A;
  end(): Promise<void>;
}

export class Workshop {
  readonly #folder: string;
  /** Each ends one process and resolves when it is gone; called again it does nothing. */
  readonly #ends: (() => Promise<void>)[] = [];
  #places = 0;
  #closed: Promise<void> | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder, and bundles the programs the way the gateway itself is bundled. */
  static async open(): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), "sluicegate-bench-"));
    await build({
      ...bundleSettings,
      entryPoints: programNames.map((name) =>
        fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)),
      ),
      outdir: join(folder, "programs"),
      outExtension: { ".js": ".mjs" },
    });
    return new Workshop(folder);
  }

  /** A new folder inside. */
  async place(): Promise<string> {
    this.#places += 1;
    const folder = join(this.#folder, String(this.#places));
    await mkdir(folder);
    return folder;
  }

  /** A new file in a folder of its own; gives its path. */
  async file(name: string, text: string): Promise<string> {
    const path = join(await this.place(), name);
    await writeFile(path, text);
    return path;
  }

  async nats(options: Partial<OwnNatsServerOptions> = {}): Promise<OwnNatsServer> {
    const folder = await this.place();
    if (this.#closed) throw new Error("the bench is over");
    const starting = startNatsServer({ folder, ...options });
    this.#ends.push(async () => (await starting).kill());
    return starting;
  }

  /** A Mosquitto that keeps whatever waits; `more` are lines of its configuration. */
  async mosquitto(more: readonly string[] = []): Promise<MosquittoProgram> {
    const starting = startMosquitto(await this.place(), ["max_queued_messages 0", ...more]);
    this.#ends.push(async () => (await starting).stop("SIGKILL"));
    return starting;
  }

  /** Any other program, not yet started. */
  async journaled(): Promise<JournaledProcess> {
    const running = new JournaledProcess(join(await this.place(), "journal"));
    this.#ends.push(async () => void (await running.end("SIGKILL")));
    return running;
  }

  /** A gateway that is written down and not yet started. */
  async gateway(options: Omit<GatewayProgramOptions, "folder">): Promise<GatewayProgram> {
    const gateway = await gatewayProgram({ folder: await this.place(), ...options });
    this.#ends.push(() => gateway.kill());
    return gateway;
  }

  /** For node: what makes a process tell its longest block when it is stopped. */
  get tellsBlocks(): readonly string[] {
    return ["--import", join(this.#folder, "programs", "longest-block.mjs")];
  }

  /** A role of the hub that is written down and not yet started. */
  async role(options: Omit<HubRoleOptions, "folder">): Promise<HubRole> {
    const role = await hubRole({ folder: await this.place(), ...options });
    this.#ends.push(() => role.kill());
    return role;
  }

  /** An InfluxDB that runs. */
  async influx(): Promise<InfluxProgram> {
    const influx = await influxProgram(await this.place());
    this.#ends.push(() => influx.kill());
    await influx.start();
    return influx;
  }

  /** A VictoriaMetrics that runs. */
  async victoria(): Promise<VictoriaProgram> {
    const victoria = await victoriaProgram(await this.place());
    this.#ends.push(() => victoria.kill());
    await victoria.start();
    return victoria;
  }

  /** Starts a program of the bench and waits for its answer; rejects when it ends without one. */
  async program<A>(name: ProgramName, options: object): Promise<RunningProgram<A>> {
    const path = join(this.#folder, "programs", `${name}.mjs`);
    const child = spawn(process.execPath, ["--expose-gc", path, JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const end = async (): Promise<void> => {
      child.kill("SIGKILL");
      await gone;
    };
    this.#ends.push(end);
    for await (const line of createInterface(child.stdout)) {
      const answer: A = JSON.parse(line);
      return { pid: child.pid ?? 0, answer, end };
    }
    throw new Error(`${name} ended without an answer`);
  }

  /** The same for a program that is done when it has answered. */
  async result<A>(name: ProgramName, options: object): Promise<A> {
    const { answer, end } = await this.program<A>(name, options);
    await end();
    return answer;
  }

  /** Puts load on a broker; resolves when all of it is acknowledged. */
  load(options: LoadArguments): Promise<LoadAnswer> {
    return this.result<LoadAnswer>("load", options);
  }

  /** Ends everything and removes the folder. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#ends.map((end) => end()));
    await rm(this.#folder, { recursive: true, force: true });
    // What somebody started meanwhile must not outlive this process.
    process.once("exit", () => {
      for (const end of this.#ends) void end();
    });
  }
}
