import { spawn, spawnSync } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { parsePasswordHash, verifyPassword } from "../../src/sources/mqtt-broker/password.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { program } from "../support/gateway-program.ts";
import type { Ended } from "../support/run-to-end.ts";

async function isHashOf(text: string, password: string): Promise<boolean> {
  const hash = parsePasswordHash(text.trim());
  return hash !== undefined && (await verifyPassword(Buffer.from(password), hash));
}

/** Types at a terminal of its own; resolves with everything that it showed. */
function typeAtTerminal(
  typed: readonly string[],
): Promise<{ shown: string; status: number | null }> {
  const command = `${process.execPath} ${program} users hash`;
  const child = spawn("socat", ["-", `EXEC:"${command}",pty,setsid,ctty,stderr`]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  const rest = [...typed];
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    shown += part;
    if (/(?:password|once more): $/.test(shown)) child.stdin.write(rest.shift() ?? "");
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ shown, status })));
}

describe("sluicegate users hash", () => {
  it("reads a pipe", async () => {
    const cwd = await openFolder();
    const { status, stderr, stdout } = await runCommand(["users", "hash"], {
      cwd,
      input: "pass word\n",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await isHashOf(stdout, "pass word")).toBe(true);
    expect((await runCommand(["users", "hash"], { cwd })).status).toBe(2);
  });

  const hasSocat = spawnSync("socat", ["-V"]).status === 0;
  it.skipIf(!hasSocat)("shows nothing of what is typed at a terminal", async () => {
    const { shown } = await typeAtTerminal(["wrong\u0015hunterx\u007f2\r", "hunter2\r"]);
    expect(shown).not.toMatch(/hunter|wrong/);
    const hash = /\$7\$\S+/.exec(shown)?.[0] ?? "";
    expect(await isHashOf(hash, "hunter2")).toBe(true);
  });

  it.skipIf(!hasSocat)("takes only what was typed twice", async () => {
    const { shown } = await typeAtTerminal(["hunter2\r", "hunter3\r"]);
    expect(shown).not.toMatch(/hunter|\$7\$/);
  });
});

describe("sluicegate users", () => {
  const password = "a-long-canary-password";

  async function site(): Promise<{ cwd: string; run: (...args: string[]) => Promise<Ended> }> {
    const cwd = await openFolder();
    const lines = [
      "gateway: { id: gw1 }",
      "sources: [{ kind: mqtt-broker, users: { file: devices.yaml } }]",
    ];
    await writeFile(join(cwd, "sluicegate.yaml"), lines.join("\n"));
    const run = (...args: string[]) =>
      runCommand(["users", ...args], { cwd, input: `${password}\n` });
    return { cwd, run };
  }

  it("adds, lists and takes out devices, shows no password, and keeps others from the file", async () => {
    const { cwd, run } = await site();
    const path = join(cwd, "devices.yaml");
    const rights = ["--device", "f7", "--publish", "s/f7/#", "a", "--subscribe", "cmd/%c/+"];
    expect(await run("add", "f7", ...rights)).toMatchObject({ status: 0, stderr: "" });
    expect((await stat(path)).mode & 0o007).toBe(0);
    await writeFile(path, `# hall 3\n${await readFile(path, "utf8")}`);
    expect((await run("add", "press", "--certificate")).stderr).toContain("nothing yet");
    const before = await readFile(path, "utf8");
    expect((await run("passwd", "f7")).status).toBe(0);
    expect(await readFile(path, "utf8")).not.toBe(before);
    const { stdout } = await run("ls", "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "sluicegate.users/1",
      users: [
        ...[{ user: "f7", device: "f7", by: "password", publish: ["s/f7/#", "a"] }],
        { user: "press", by: "certificate" },
      ],
    });
    expect(stdout + (await readFile(path, "utf8"))).not.toContain(password);
    expect(stdout).not.toContain("$7$");
    expect((await run("rm", "f8")).status).toBe(4);
    const kept = await readFile(path, "utf8");
    expect((await run("rm", "f7")).status).toBe(2);
    expect((await run("rm", "f7", "--dry-run")).stdout).toContain("nothing was changed");
    expect(await readFile(path, "utf8")).toBe(kept);
    expect((await run("rm", "f7", "press", "--yes")).status).toBe(0);
    expect(await readFile(path, "utf8")).toBe("# hall 3\n[]\n");
  });

  it("takes over the users of a Mosquitto, and nothing where a right would become too wide", async () => {
    const { cwd, run } = await site();
    const hash = (await runCommand(["users", "hash"], { cwd, input: "x\n" })).stdout.trim();
    await writeFile(join(cwd, "passwd"), `ana:${hash}\nbob:${hash}\n`);
    await writeFile(join(cwd, "acl"), "user ana\ntopic a/#\ntopic deny a/x\npattern read d/%u\n");
    const refused = await run("import", "passwd", "--acl", "acl");
    expect(refused).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("acl:3: ana is denied"),
    });
    await writeFile(join(cwd, "acl"), "user ana\ntopic a/#\npattern read d/%u\n");
    expect((await run("import", "passwd", "--acl", "acl", "--dry-run")).stdout).toContain(
      "2 users would",
    );
    expect((await run("import", "passwd", "--acl", "acl", "--devices")).status).toBe(0);
    const { stdout } = await run("ls");
    expect(stdout.split("\n")[0]).toBe("ana\tpassword\tana\tpublish a/#\tsubscribe a/# d/ana");
  });
});

test("a users file that is missing is told with the command that makes it", async () => {
  const cwd = await openFolder();
  await writeFile(
    join(cwd, "sluicegate.yaml"),
    'gateway: { id: gw1 }\nsources: [{ kind: mqtt-broker, listen: "0.0.0.0:1883", users: { file: devices.yaml } }]\n',
  );
  const before = await runCommand(["validate"], { cwd });
  expect(before.status).toBe(1);
  expect(before.stdout).toContain("sluicegate users add NAME");
  await runCommand(["users", "add", "freezer-07"], { cwd, input: "a-long-password\n" });
  expect(await runCommand(["validate"], { cwd })).toMatchObject({ status: 0 });
});
