/** A real VictoriaMetrics as a process on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { endChild } from "./end-child.ts";
import { tempFolder } from "./temp-folder.ts";
import { untilAnswers } from "./until-answers.ts";

/** One series as the server exports it. */
export interface VictoriaSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}

export interface VictoriaProgram {
  readonly url: string;
  /** Resolves once it answers. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Everything it holds of a database; what was written a moment ago is in it. */
  series(database?: string): Promise<VictoriaSeries[]>;
}

/** Of two samples of one series and millisecond it keeps one, as the README of the historian asks. */
export async function victoriaProgram(folder: string): Promise<VictoriaProgram> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  return {
    url,
    async start() {
      child = spawn(
        "victoria-metrics",
        [
          `-storageDataPath=${folder}`,
          `-httpListenAddr=127.0.0.1:${port}`,
          "-retentionPeriod=100y",
          "-dedup.minScrapeInterval=1ms",
        ],
        { stdio: "ignore" },
      );
      await untilAnswers(`${url}/health`, child, "victoria-metrics");
    },
    async kill() {
      await endChild(child);
      child = undefined;
    },
    async series(database = "sluicegate") {
      await fetch(`${url}/internal/force_flush`);
      const query = new URLSearchParams({ "match[]": `{db="${database}"}` });
      const text = await (await fetch(`${url}/api/v1/export?${query}`)).text();
      return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    },
  };
}

/** One that runs; it is gone when the test ends. */
export async function victoriaMetrics(): Promise<VictoriaProgram> {
  const program = await victoriaProgram(await tempFolder());
  onTestFinished(() => program.kill());
  await program.start();
  return program;
}
