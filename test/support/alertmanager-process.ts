import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { tempFolder } from "./temp-folder.ts";
import { waitUntil } from "./wait-until.ts";

/** An alert as Alertmanager lists it. */
export interface ListedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** A real Alertmanager of the running test's own, that tells a webhook at once. */
export async function alertmanagerProcess(webhookUrl: string) {
  const folder = await tempFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configuration = {
    route: {
      receiver: "hook",
      group_by: ["..."],
      group_wait: "1ms",
      group_interval: "100ms",
      repeat_interval: "1h",
    },
    receivers: [{ name: "hook", webhook_configs: [{ url: webhookUrl, send_resolved: true }] }],
  };
  const file = `${folder}/alertmanager.yml`;
  await writeFile(file, JSON.stringify(configuration));
  const start = async (): Promise<() => Promise<void>> => {
    const child = spawn(
      "prometheus-alertmanager",
      [
        `--config.file=${file}`,
        `--storage.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
        "--log.level=error",
      ],
      { stdio: "ignore" },
    );
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await waitUntil(() => answers(`${url}/-/ready`), "Alertmanager answers");
    return async () => {
      child.kill("SIGTERM");
      await ended;
    };
  };
  let stop = await start();
  onTestFinished(() => stop());
  return {
    url,
    async alerts(): Promise<readonly ListedAlert[]> {
      const listed: ListedAlert[] = JSON.parse(await (await fetch(`${url}/api/v2/alerts`)).text());
      return listed;
    },
    stop: () => stop(),
    async restart() {
      stop = await start();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
