import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { program } from "../support/gateway-program.ts";
import { processesNaming } from "../support/processes-naming.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

interface Up {
  readonly process: ChildProcess;
  readonly ended: Promise<number | NodeJS.Signals | null>;
  said(): string;
}

/** A site whose backbone is the server that `up` starts. */
async function site() {
  const folder = await tempFolder();
  const configPath = join(folder, "sluicegate.yaml");
  const socket = join(folder, "s.sock");
  await writeFile(
    configPath,
    `gateway: { id: gw1, data: data }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:0" }]
status: { socket: ${JSON.stringify(socket)} }
backbone: { retry_max: 1s }
`,
  );
  const servers = (): number[] =>
    processesNaming(`-c ${join(folder, "data", "nats")}`).map(({ pid }) => pid);
  onTestFinished(() => {
    for (const pid of servers()) process.kill(pid, "SIGKILL");
  });

  const command = [process.execPath, program, "up", "--config", configPath];
  const start = (...words: readonly string[]): Up => {
    const [name = "", ...args] = words.length > 0 ? words : command;
    const child = spawn(name, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const pipe of [child.stdout, child.stderr])
      pipe.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child.once("exit", (status, signal) => resolve(status ?? signal)),
    );
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await ended;
    });
    return { process: child, ended, said: () => text };
  };
  const linked = async (): Promise<boolean> => {
    const status = JSON.stringify(await readStatus(socket).catch(() => ({})));
    return status.includes('"kind":"linked"');
  };
  return {
    /** In a terminal of its own, which is closed when this process is killed. */
    startInTerminal: () => start("script", "-qec", command.join(" "), "/dev/null"),
    servers,
    linked,
    start,
    async startLinked(): Promise<Up> {
      const up = start();
      await waitUntil(() => up.said().includes("sluicegate is up"), "it is up");
      await waitUntil(linked, "it is linked");
      return up;
    },
  };
}

describe("sluicegate up and its nats-server", () => {
  for (const signals of [["SIGTERM", "SIGTERM"], ["SIGKILL"]] as const) {
    it(`leaves no server behind after ${signals.join(" and ")}`, async () => {
      const here = await site();
      const up = await here.startLinked();
      expect(here.servers()).toHaveLength(1);
      for (const signal of signals) up.process.kill(signal);
      await up.ended;
      await waitUntil(() => here.servers().length === 0, "the server is gone");
    });
  }

  it("leaves no server behind when its terminal is closed", async () => {
    const here = await site();
    const terminal = here.startInTerminal();
    await waitUntil(() => terminal.said().includes("sluicegate is up"), "it is up");
    terminal.process.kill("SIGKILL");
    await waitUntil(() => here.servers().length === 0, "the server is gone");
  });

  it("reads its files again on SIGHUP where it has no terminal, and goes on", async () => {
    const here = await site();
    const up = await here.startLinked();
    const [server] = here.servers();
    up.process.kill("SIGHUP");
    await waitUntil(() => up.said().includes("were read again"), "the files are read");
    expect(here.servers()).toEqual([server]);
  });

  it("ends a server that was left behind all the same, and never runs two on one store", async () => {
    const here = await site();
    const up = await here.startLinked();
    const [left = 0] = here.servers();
    for (const { pid } of processesNaming(`sluicegate-guard ${left}`)) process.kill(pid, "SIGKILL");
    up.process.kill("SIGKILL");
    await up.ended;
    expect(here.servers()).toEqual([left]);

    await here.startLinked();
    expect(here.servers()).toHaveLength(1);
    expect(here.servers()).not.toEqual([left]);
  });

  it("refuses a second one on the same folder and leaves the first alone", async () => {
    const here = await site();
    await here.startLinked();
    const [running] = here.servers();
    const second = here.start();
    expect(await second.ended).toBe(75);
    expect(second.said()).toMatch(/another sluicegate process has it/);
    expect(here.servers()).toEqual([running]);
    expect(await here.linked()).toBe(true);
  });

  it("starts a server that died again, says so, and links again", async () => {
    const here = await site();
    const up = await here.startLinked();
    const [first = 0] = here.servers();
    process.kill(first, "SIGKILL");
    await waitUntil(() => here.servers().some((pid) => pid !== first), "a server runs again");
    expect(up.said()).toMatch(
      /nats-server ended by itself; it is started again.*SIGKILL|SIGKILL.*nats-server ended by itself/,
    );
    await waitUntil(here.linked, "it is linked again");
    up.process.kill("SIGTERM");
    expect(await up.ended).toBe(0);
    expect(here.servers()).toEqual([]);
  });
});
