import { spawn } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFailure } from "../../../src/sources/lines/port-failure.ts";
import { runCommand } from "../../support/command-line.ts";
import { plugPort } from "../../support/plug-port.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openKeptLine } from "./open-kept-line.ts";

/** Why the line is not open, once it has been tried. */
async function reasonOf(path: string): Promise<string> {
  const { line } = openKeptLine({ path });
  return waitUntil(() => line.state.reason, "it was tried");
}

describe("a port that cannot be opened says in words why", () => {
  it("where it is not there", async () => {
    const path = "/dev/serial/by-id/usb-nobody";
    expect(await reasonOf(path)).toBe(
      `${path} is not there: it is not plugged in, or has another name (sluicegate ports ls shows all)`,
    );
  });

  it("where it is no port", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "folder"));
    for (const path of [join(folder, "file"), join(folder, "folder"), "/dev/null"])
      expect(await reasonOf(path)).toBe(`${path} is no serial port`);
  });

  it("where another program has locked it, whose settings stay as they are", async () => {
    const port = await plugPort();
    const holder = spawn("flock", ["-x", port.path, "-c", "echo locked; sleep 60"], {
      detached: true,
    });
    onTestFinished(() => void process.kill(-(holder.pid ?? 0), "SIGKILL"));
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    expect(await reasonOf(port.path)).toMatch(/ is in use by \S+ \(process \d+\): stop that/);
  });

  it("where this user may not open it", async () => {
    const said = new Error("Error: Permission denied, cannot open it");
    const { message } = await openFailure("/dev/ttyNobody", said);
    expect(message).toContain("to open /dev/ttyNobody, which belongs to the group dialout");
    expect(message).toContain("sudo usermod -aG dialout USER");
    const { message: ofRoot } = await openFailure("/dev/null", said);
    expect(ofRoot).toContain("which belongs to root alone: let a udev rule give it the group");
  });

  it("where nothing listens behind tcp://, and it is connected to once somebody does", async () => {
    const server = createServer((socket) => socket.on("error", () => {}).end("23.5\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const open = openKeptLine({ path: `tcp://127.0.0.1:${port}` });
    await waitUntil(() => open.line.state.reason !== undefined, "it was tried");
    expect(open.line.state.reason).toBe(`tcp://127.0.0.1:${port}: nothing listens there`);
    server.listen(port, "127.0.0.1");
    onTestFinished(() => void server.close());
    await waitUntil(() => open.heard.length > 0, "it is heard");
    await waitUntil(() => open.happened.length >= 2, "the end is noticed");
    expect(open.happened.slice(0, 2)).toEqual(["opened", "it closed the connection"]);
  });
});

describe("the program without the package for ports", () => {
  it("finds a serial source valid, and says in one sentence what is missing where one is opened", async () => {
    // Out of reach of the packages of this folder.
    const home = await tempFolder();
    for (const part of ["dist", "devices", "package.json"])
      await cp(fileURLToPath(new URL(`../../../${part}`, import.meta.url)), join(home, part), {
        recursive: true,
      });
    const user = { program: join(home, "dist/sluicegate.js"), ids: {} };
    const cwd = await tempFolder();
    const port = await plugPort();
    const source = `{ kind: serial, path: ${port.path}, framing: lines }`;
    await writeFile(
      join(cwd, "sluicegate.yaml"),
      `gateway: { id: gw1 }\nbackbone: { servers: ["nats://127.0.0.1:1"] }\nsources: [${source}]\nrules: { files: [] }\n`,
    );
    expect(await runCommand(["validate"], { cwd, user })).toMatchObject({ status: 0 });
    const listening = ["ports", "watch", "--listen", port.path, "--baud", "9600"];
    const { status, stderr } = await runCommand(listening, { cwd, user });
    expect(status).toBe(3);
    expect(stderr).toBe(
      "sluicegate: serial ports need the package serialport, which is not installed: run npm install serialport@13 beside the program; ports over tcp:// need no package (source.unavailable)\n",
    );
  });
});
