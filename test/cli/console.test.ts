import { spawn } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { allRoutes } from "../../deploy/all-routes.ts";
import { problemShape } from "../../src/api/shapes/problem.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { program } from "../support/gateway-program.ts";
import { waitUntil } from "../support/wait-until.ts";

const home = new URL("../..", import.meta.url).pathname;

const config = `site: plant-a
gateway: { id: gw1 }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:0" }]
console: { listen: "127.0.0.1:0" }
backbone: { servers: ["nats://127.0.0.1:1"] }
devices: [{ id: freezer-07, profile: sluicegate/sim-freezer }]
`;

async function site(text = config): Promise<string> {
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), text);
  return cwd;
}

/** A gateway alone, with no backbone in reach. */
function runGateway(cwd: string): void {
  const child = spawn(process.execPath, [program, "run", "gateway"], { cwd, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
}

async function linkOf(cwd: string): Promise<URL> {
  const { stdout } = await waitUntil(async () => {
    const said = await runCommand(["console"], { cwd });
    return said.status === 0 && said;
  }, "a link");
  return new URL(stdout.trim());
}

const own = { "x-sluicegate": "1" };

describe("The console of a gateway alone", () => {
  it("is opened by a link that the command line gives, and answers as its schemas say", async () => {
    const cwd = await site();
    runGateway(cwd);
    const link = await linkOf(cwd);
    const token = link.hash.replace("#token=", "");
    const signed = await fetch(new URL("/api/v1/sign-in", link), {
      method: "POST",
      headers: own,
      body: JSON.stringify({ token }),
    });
    expect(signed.status).toBe(200);
    const cookie = signed.headers.get("set-cookie")?.split(";")[0] ?? "";
    const given: Record<string, string> = { device: "plant-a.gw1.freezer-07" };
    const answered: string[] = [];
    for (const { method, path, schemas } of await allRoutes(home)) {
      if (method !== "get") continue;
      const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => given[name] ?? "none");
      const answer = await fetch(new URL(`/api/v1${at}`, link), { headers: { cookie } });
      const schema = answer.status === 200 ? schemas.answer : problemShape;
      const checked = schema.safeParse(await answer.json());
      expect([at, checked.error?.issues]).toEqual([at, undefined]);
      expect([at, answer.status]).not.toEqual([at, 500]);
      if (answer.status === 200) answered.push(path);
    }
    expect(answered).toEqual(
      expect.arrayContaining(["/me", "/status", "/devices", "/devices/{device}", "/audit"]),
    );
    for (const [path, start] of [
      ["/livez", "alive"],
      ["/readyz", "ready"],
      ["/metrics", "# HELP"],
    ] as const)
      expect(await (await fetch(new URL(path, link))).text()).toMatch(new RegExp(`^${start}`));
    const page = await (await fetch(new URL("/devices", link))).text();
    expect(page).toContain("<!doctype html>");
  });

  it("is open to those whom its files name, and closes to those who are taken out", async () => {
    const cwd = await site();
    const run = (args: string[], input?: string) =>
      runCommand(args, { cwd, ...(input !== undefined && { input }) });
    await run(["console-users", "add", "ana", "--role", "operator"], "a long password\n");
    runGateway(cwd);
    const link = await linkOf(cwd);
    const signIn = () =>
      fetch(new URL("/api/v1/sign-in", link), {
        method: "POST",
        headers: own,
        body: JSON.stringify({ name: "ana", password: "a long password" }),
      });
    expect(await (await signIn()).json()).toEqual({ name: "ana", role: "operator" });
    const made = await run(["tokens", "add", "grafana", "--for", "90d"]);
    const ask = () =>
      fetch(new URL("/api/v1/me", link), {
        headers: { authorization: `Bearer ${made.stdout.trim()}` },
      });
    await waitUntil(async () => (await ask()).status === 200, "a token that counts");
    expect((await run(["tokens", "ls"])).stdout).toMatch(/^grafana\tviewer\t20\d\d-/);
    await run(["tokens", "rm", "grafana", "--yes"]);
    await run(["console-users", "rm", "ana", "--yes"]);
    await waitUntil(async () => (await ask()).status === 401, "a token that is gone");
    await waitUntil(async () => (await signIn()).status !== 200, "a user who is gone");
  });
});

describe("sluicegate console-users", () => {
  it("writes a file that not everybody may read, changes one line of it, and says what is wrong", async () => {
    const cwd = await site();
    const file = join(cwd, "console-users");
    const run = (args: string[], input?: string) =>
      runCommand(["console-users", ...args], { cwd, ...(input !== undefined && { input }) });
    expect((await run(["add", "ana", "--role", "admin"], "a long password\n")).status).toBe(0);
    expect((await stat(file)).mode & 0o007).toBe(0);
    await writeFile(file, `# who may\n${await readFile(file, "utf8")}`);
    await run(["add", "vera"], "a long password\n");
    await run(["passwd", "ana", "--role", "viewer"], "another password\n");
    const lines = (await readFile(file, "utf8")).split("\n");
    expect(lines.map((line) => line.replace(/scrypt.*/, ""))).toEqual([
      "# who may",
      "ana:viewer:",
      "vera:viewer:",
      "",
    ]);
    expect((await run(["ls"])).stdout).toBe("ana\tviewer\nvera\tviewer\n");
    const wrong: readonly (readonly [string[], number, string, string])[] = [
      [["add", "eve"], 2, "short\n", "8 characters"],
      [["add", "eve", "--role", "admn"], 2, "a long password\n", "did you mean admin?"],
      [["rm", "veraa"], 4, "", "did you mean vera?"],
    ];
    for (const [args, ends, input, said] of wrong) {
      const { status, stderr } = await run(args, input);
      expect([args, status]).toEqual([args, ends]);
      expect(stderr).toContain(said);
    }
  });

  it("has to have named somebody before a console may listen to other machines", async () => {
    const cwd = await site(config.replace('127.0.0.1:0" }\nback', '0.0.0.0:0" }\nback'));
    const refused = await runCommand(["validate"], { cwd });
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).toContain("console-users add");
    await runCommand(["console-users", "add", "ana"], { cwd, input: "a long password\n" });
    expect((await runCommand(["validate"], { cwd })).status).toBe(0);
    await writeFile(join(cwd, "console-users"), "ana:boss:secret-hash\n");
    const faulty = await runCommand(["validate"], { cwd });
    expect(faulty.stdout + faulty.stderr).toContain("the role of ana is none of");
    expect(faulty.stdout + faulty.stderr).not.toContain("secret-hash");
  });
});
