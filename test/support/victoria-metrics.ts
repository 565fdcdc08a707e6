/** A real VictoriaMetrics of the running test's own, on a free port. */
import { spawn } from "node:child_process";
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

/** Of two samples of one series and millisecond it keeps one, as the README of the historian asks. */
export async function victoriaMetrics() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    "victoria-metrics",
    [
      `-storageDataPath=${await tempFolder()}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      "-retentionPeriod=100y",
      "-dedup.minScrapeInterval=1ms",
    ],
    { stdio: "ignore" },
  );
  onTestFinished(() => endChild(child));
  await untilAnswers(`${url}/health`, child, "victoria-metrics");
  return {
    url,
    /** Everything it holds of a database; what was written a moment ago is in it. */
    async series(database = "sluicegate"): Promise<VictoriaSeries[]> {
      await fetch(`${url}/internal/force_flush`);
      const query = new URLSearchParams({ "match[]": `{db="${database}"}` });
      const text = await (await fetch(`${url}/api/v1/export?${query}`)).text();
      return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    },
  };
}
