import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect } from "../support/mqtt-device.ts";

async function site(): Promise<string> {
  const cwd = await openFolder();
  await writeFile(
    join(cwd, "sluicegate.yaml"),
    "gateway: { id: gw1 }\nprofiles: { folders: [own] }\n",
  );
  return cwd;
}

describe("sluicegate profile", () => {
  it("leads from a message that nobody reads to a profile that reads it", async () => {
    const cwd = await openFolder();
    await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\n");
    const payload = '{"ts":1795824000,"temp":21.5,"rh":40,"door":"shut"}';
    const given = ["--topic", "acme/cold-1/state", "--payload", payload];
    const before = await runCommand(["profile", "try", ...given], { cwd });
    expect(before.status).toBe(1);
    expect(before.stdout).toContain("no profile");

    const made = ["profile", "scaffold", "acme/th", "--topic", "acme/{device}/state"];
    const printed = await runCommand([...made, "--payload", payload], { cwd });
    expect(printed.stdout).toContain("profile: acme/th");
    const written = [...made, "--payload", payload, "--write", "own"];
    expect((await runCommand(written, { cwd })).status).toBe(0);
    expect(await readFile(join(cwd, "own/acme/th.yaml"), "utf8")).toBe(printed.stdout);
    expect((await runCommand(written, { cwd })).stderr).toContain("it is there already");

    const test = await runCommand(["profile", "test", "own/acme/th.yaml"], { cwd });
    expect(test.stdout).toBe("acme/th@1: 1 example holds\n");
    await writeFile(
      join(cwd, "sluicegate.yaml"),
      "gateway: { id: gw1 }\nprofiles: { folders: [own] }\n",
    );
    const after = await runCommand(["profile", "try", ...given], { cwd });
    expect(after.status).toBe(0);
    expect(after.stdout).toContain("acme/th@1: 00:00:00.000 acme-cold-1 temp 21.5 °C · rh 40 %");
    expect((await runCommand(["profile", "show", "acme/th"], { cwd })).stdout).toBe(printed.stdout);
    expect((await runCommand(["profile", "ls"], { cwd })).stdout).toMatch(/^acme\/th@1\tacme-\t/m);
  }, 300_000);

  it("says what nobody reads in a message, and what does not fit", async () => {
    const cwd = await site();
    await runCommand(
      [
        "profile",
        "scaffold",
        "acme/th",
        "--topic",
        "acme/{device}/x",
        "--payload",
        '{"t":1}',
      ].concat(["--write", "own"]),
      { cwd },
    );
    const given = ["profile", "try", "--topic", "acme/1/x", "--payload"];
    const unread = await runCommand([...given, '{"t":1,"more":{"than":"that"}}'], { cwd });
    expect(unread.stdout).toContain("nobody reads more.than: that");
    const told = await runCommand([...given, '{"t":1,"more":{"than":"that"}}', "-o", "json"], {
      cwd,
    });
    expect(JSON.parse(told.stdout).messages).toMatchObject([
      { topic: "acme/1/x", unread: [{ place: "more.than", sample: "that" }] },
    ]);
    const named = [...given, '{"t":2}', "--profile", "acme/th"];
    expect((await runCommand(named, { cwd })).stdout).toContain("acme/th@1");
  }, 300_000);

  it("tells a false example with its place, and a name that nothing has", async () => {
    const cwd = await site();
    await runCommand(["profile", "scaffold", "acme/th", "--payload", '{"t":1}', "--write", "own"], {
      cwd,
    });
    const file = join(cwd, "own/acme/th.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("metrics: { t: 1 }", "metrics: { t: 2 }"));
    const one = await runCommand(["profile", "test", file], { cwd });
    expect(one.status).toBe(1);
    expect(one.stderr).toContain("profile.failed-example");
    const report = await runCommand(["profile", "test", file, "-o", "json"], { cwd });
    expect(report).toMatchObject({ status: 1, stderr: "" });
    expect(JSON.parse(report.stdout)).toMatchObject({
      schema: "sluicegate.profile-test/1",
      holds: false,
      faults: [{ code: "profile.failed-example", line: expect.any(Number) }],
    });
    const all = await runCommand(["profile", "test"], { cwd });
    expect(all.status).toBe(1);
    await writeFile(file, text);
    expect((await runCommand(["profile", "test"], { cwd })).stdout).toMatch(/examples hold/);
    const unknown = await runCommand(["profile", "show", "acme/thh"], { cwd });
    expect(unknown.stderr).toContain("did you mean acme/th?");
    for (const wrong of [
      ["try", "--topic", "a"],
      ["try", "--payload", "1"],
      ["scaffold", "Acme"],
    ])
      expect((await runCommand(["profile", ...wrong], { cwd })).status).toBe(2);
  }, 300_000);

  it("catches messages of a running gateway", async () => {
    const cwd = await openFolder();
    const gateway = await gatewayProcess({ folder: cwd, natsUrl: "nats://127.0.0.1:1" });
    await gateway.start();
    const live = ["--live", "acme/#", "--limit", "2", "--config", gateway.configPath];
    const caught = runCommand(["profile", "scaffold", "acme/th", ...live], { cwd });
    const device = await connect({ port: gateway.mqttPort, clientId: "d" });
    let done = false;
    void caught.then(() => {
      done = true;
    });
    for (let n = 1; !done; n += 1) {
      await device.publish(`acme/p${(n % 2) + 1}/x`, `{"temp":${n}.5}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await caught).stdout).toContain('match: { topic: "acme/{device}/x" }');
  }, 300_000);
});
