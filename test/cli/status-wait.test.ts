import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { openFolder, ordinaryUser, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { natsServer } from "../support/nats-server.ts";

describe("sluicegate status --wait", () => {
  it("ends with 7 and says why where it is not so far in time, and with 0 when it is", async () => {
    const cwd = await openFolder();
    const port = await freePort();
    const gateway = await gatewayProcess({ folder: cwd, natsUrl: `nats://127.0.0.1:${port}` });
    const nobody = await runCommand(["status", "--wait", "linked", "--timeout", "100ms"], { cwd });
    expect(nobody).toMatchObject({
      status: 7,
      stderr: expect.stringMatching(/^not linked: no running/),
    });
    await gateway.start();
    const early = await runCommand(["status", "--wait", "drained", "--timeout", "100ms"], { cwd });
    expect(early).toMatchObject({
      status: 7,
      stderr: expect.stringMatching(/^not drained: gateway: /),
    });
    const waiting = runCommand(["status", "--wait", "drained", "--timeout", "100s"], { cwd });
    await natsServer({ port });
    expect(await waiting).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Link +linked/im),
    });
  });

  it.runIf(process.getuid?.() === 0)(
    "members of status.group see the status and can do nothing; others are told whom to ask",
    async () => {
      const cwd = await openFolder();
      const sockets = join(cwd, "run");
      await mkdir(sockets);
      await chmod(sockets, 0o755);
      const { url } = await natsServer();
      const user = await ordinaryUser();
      const socket = join(sockets, "s.sock");
      const group = String(user.ids.gid);
      const gateway = await gatewayProcess({ folder: cwd, natsUrl: url, socket, group });
      await gateway.start();
      const seen = await runCommand(["status", "--socket", socket], { cwd, user });
      expect(seen).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/plant-a\/gw1 {3}up /),
      });
      const done = await runCommand(["reload", "--socket", socket], { cwd, user });
      expect(done).toMatchObject({ status: 6, stderr: expect.stringContaining("status.group") });
    },
  );
});

it("without a group nobody else sees the status, and is told how to", async () => {
  const cwd = await openFolder();
  const folder = join(cwd, "private");
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1, data: private }\n");
  const user = await ordinaryUser();
  if (user.ids.uid === undefined) return;
  const { status, stderr } = await runCommand(["status"], { cwd, user, env: { HOME: cwd } });
  expect([status, stderr]).toEqual([6, expect.stringMatching(/sudo -u .* status\.group/)]);
});
