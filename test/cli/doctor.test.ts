import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doctorMetrics } from "../../src/cli/doctor-formats.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";

async function siteWithoutBackbone(): Promise<string> {
  const cwd = await openFolder();
  const servers = [`nats://127.0.0.1:${await freePort()}`];
  const config = { gateway: { id: "gw1" }, backbone: { servers } };
  await writeFile(join(cwd, "sluicegate.yaml"), JSON.stringify(config));
  return cwd;
}

describe("sluicegate doctor", () => {
  it("finds no error where a gateway works, and leaves nothing behind in its stream or its folder", async () => {
    const cwd = await openFolder();
    const { url } = await natsServer();
    const gateway = await gatewayProcess({ folder: cwd, natsUrl: url });
    await gateway.start();
    await gateway.drained();
    const { stdout } = await runCommand(["doctor", "-o", "json", "--timeout", "60s"], { cwd });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ schema: "sluicegate.doctor/1" });
    const errors = report.findings.filter(
      ({ verdict }: { verdict: string }) => verdict === "error",
    );
    expect(errors).toEqual([]);
    expect(report.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: "nats.publish_ack", verdict: "ok" }),
        expect.objectContaining({ check: "buffer.owner", verdict: "ok" }),
        expect.objectContaining({ check: "gateway.link", verdict: "ok" }),
      ]),
    );
    await gateway.drained();
    for (const body of await readGatewayStream(url))
      expect(() => JSON.parse(String(body))).not.toThrow();
    const left = (await readdir(cwd, { recursive: true })).filter((name) =>
      name.includes(".doctor"),
    );
    expect(left).toEqual([]);
  });

  it("tells what is wrong with the next command, and the exit status says so", async () => {
    const cwd = await siteWithoutBackbone();
    const only = ["doctor", "--only", "nats.connect,node.version", "--timeout", "30s"];
    const text = await runCommand(only, { cwd });
    expect(text).toMatchObject({ status: 1 });
    expect(text.stdout).toMatch(
      /^Machine\n {2}OK +node\.version .*\nBackbone\n {2}Error +nats\.connect /,
    );
    expect(text.stdout).toMatch(/→ is it up.*\n1 OK, 0 warnings, 1 error \(/);
    const nagios = await runCommand([...only, "-o", "nagios"], { cwd });
    expect(nagios).toMatchObject({ status: 2 });
    expect(nagios.stdout).toMatch(
      /^SLUICEGATE CRITICAL - nats\.connect .* \| ok=1 warnings=0 errors=1 skipped=0\n$/,
    );
    const prometheus = await runCommand([...only, "-o", "prometheus"], { cwd });
    expect(prometheus.stdout).toMatch(
      /^sluicegate_doctor_finding\{check="nats\.connect",group="backbone",about="nats:.*"\} 2$/m,
    );
    const fine = await runCommand(["doctor", "--only", "node.version", "-o", "nagios"], { cwd });
    expect(fine).toMatchObject({ status: 0, stdout: expect.stringMatching(/^SLUICEGATE OK - /) });
  });

  it("lists the checks, and takes no name that is none", async () => {
    const cwd = await openFolder();
    const list = await runCommand(["doctor", "--list", "--only", "disk.*"], { cwd });
    expect(list.stdout).toMatch(/^disk\.space +machine +whether /);
    const wrong = await runCommand(["doctor", "--skip", "nats.conect"], { cwd });
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr).toMatch(/no check is named nats\.conect; did you mean nats\.connect\?/);
  });

  it("warnings count with --strict only", async () => {
    const cwd = await openFolder();
    const config = { gateway: { id: "gw1" }, buffer: { max_bytes: "1TiB" } };
    await writeFile(join(cwd, "sluicegate.yaml"), JSON.stringify(config));
    const only = ["doctor", "--only", "disk.space"];
    expect((await runCommand(only, { cwd })).status).toBe(0);
    expect((await runCommand([...only, "--strict"], { cwd })).status).toBe(1);
  });
});

it("of two findings about one thing the metrics have the worse one, once", () => {
  const check = {
    id: "a.b",
    group: "machine",
    asks: "",
    explanation: "",
    run: async () => [],
  } as const;
  const findings = [
    { verdict: "error", about: "x", what: "" },
    { verdict: "ok", about: "x", what: "" },
  ] as const;
  const lines = doctorMetrics([{ check, findings, tookMs: 1 }], 0).split("\n");
  expect(lines.filter((line) => line.startsWith("sluicegate_doctor_finding{"))).toEqual([
    'sluicegate_doctor_finding{check="a.b",group="machine",about="x"} 2',
  ]);
});
