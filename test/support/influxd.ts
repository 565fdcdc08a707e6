/** A real InfluxDB 1.x as a process, which can be killed and started again on its own files. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { endChild } from "./end-child.ts";
import { tempFolder } from "./temp-folder.ts";
import { untilAnswers } from "./until-answers.ts";

export interface InfluxProgram {
  readonly url: string;
  /** Resolves once it answers. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Takes away everything it holds; only while it does not run. */
  empty(): Promise<void>;
  /** The rows of a query, by series, as the server gives them. */
  query(influxQl: string, database?: string): Promise<readonly InfluxSeries[]>;
}

export interface InfluxSeries {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** In a folder of its own, not started yet; `http` is added to that section of its settings. */
export async function influxProgram(folder: string, http = ""): Promise<InfluxProgram> {
  const [port, rpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, "influxdb.conf");
  const held = join(folder, "influx");
  await mkdir(held, { recursive: true });
  await writeFile(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${held}/meta"
[data]
  dir = "${held}/data"
  wal-dir = "${held}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
${http}
`,
  );
  let child: ChildProcess | undefined;
  return {
    url,
    async start() {
      child = spawn("influxd", ["-config", config], { stdio: "ignore" });
      await untilAnswers(`${url}/ping`, child, "influxd");
    },
    async kill() {
      await endChild(child);
      child = undefined;
    },
    empty: () => rm(held, { recursive: true, force: true }),
    async query(influxQl, database = "sluicegate") {
      const asked = new URLSearchParams({ q: influxQl, db: database });
      const response = await fetch(`${url}/query`, { method: "POST", body: asked });
      const answer: { results: { series?: InfluxSeries[]; error?: string }[]; error?: string } =
        JSON.parse(await response.text());
      const error = answer.error ?? answer.results.find((result) => result.error)?.error;
      if (error !== undefined) throw new Error(error);
      return answer.results.flatMap(({ series = [] }) => series);
    },
  };
}

/** One that runs; it is gone when the test ends. */
export async function influxd(http = ""): Promise<InfluxProgram> {
  const program = await influxProgram(await tempFolder(), http);
  onTestFinished(() => program.kill());
  await program.start();
  return program;
}
