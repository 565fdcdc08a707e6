import { spawn } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { runCommand } from "../support/command-line.ts";
import { program } from "../support/gateway-program.ts";
import { plugPort } from "../support/plug-port.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

it("ports ls lists what is plugged in, as an object too", async () => {
  const cwd = await tempFolder();
  expect(await runCommand(["ports", "ls"], { cwd })).toMatchObject({ status: 0 });
  const { stdout } = await runCommand(["ports", "ls", "-o", "json"], { cwd });
  expect(JSON.parse(stdout)).toEqual({ schema: "sluicegate.ports/1", ports: expect.any(Array) });
});

it("ports watch --listen shows what a port says, as bytes and as text", async () => {
  const port = await plugPort();
  const args = [program, "ports", "watch", "--listen", port.path, "--baud", "9600"];
  const running = spawn(process.execPath, args);
  onTestFinished(() => void running.kill("SIGKILL"));
  let shown = "";
  running.stdout.on("data", (bytes) => {
    shown += String(bytes);
  });
  await waitUntil(async () => {
    await port.say("$GP\x1b[2J\r\n");
    return shown.includes("24 47 50 1b");
  }, "it is shown");
  expect(shown).toContain("$GP.[2J..");
  const ended = new Promise((resolve) => running.once("close", resolve));
  running.kill("SIGTERM");
  expect(await ended).toBe(0);
});

it("ports watch refuses a speed that is none", async () => {
  const args = ["ports", "watch", "--listen", "/dev/ttyUSB0", "--baud", "fast"];
  const { status, stderr } = await runCommand(args, { cwd: await tempFolder() });
  expect(status).toBe(2);
  expect(stderr).toContain("baud");
});
