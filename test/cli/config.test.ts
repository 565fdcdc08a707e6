import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("a configuration is shown with the origin of each value, and held against the process that runs", async () => {
  const cwd = await tempFolder();
  const gateway = await gatewayProcess({ folder: cwd, natsUrl: "nats://127.0.0.1:1" });
  const run = (...args: string[]) =>
    runCommand(["config", ...args, "-c", gateway.configPath], { cwd });
  await gateway.start();
  const id = (await run("show", "gateway.id")).stdout.split("\t");
  expect(id).toEqual(["gateway.id", "gw1", expect.stringMatching(/\.(yaml|json):\d+\n$/)]);
  expect((await run("show", "buffer.on_full")).stdout).toBe(
    "buffer.on_full\tdrop_oldest\tdefault\n",
  );
  expect(await run("show", "bufer")).toMatchObject({
    status: 4,
    stderr: expect.stringContaining("did you mean buffer?"),
  });
  expect(await run("diff")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("has what the file says"),
  });

  const text = await readFile(gateway.configPath, "utf8");
  await writeFile(
    gateway.configPath,
    `${text}\nlog: { level: warn }\nprofiles: { generic: true }\n`,
  );
  const diff = await run("diff", "-o", "json");
  expect(diff.status).toBe(1);
  expect(JSON.parse(diff.stdout)).toEqual({
    schema: "sluicegate.config-diff/1",
    changes: [
      { path: "profiles.generic", running: "false", file: "true", counts: "after a reload" },
      { path: "log.level", running: "info", file: "warn", counts: "after a restart" },
    ],
  });
  expect((await runCommand(["reload", "-c", gateway.configPath], { cwd })).status).toBe(0);
  const left = JSON.parse((await run("diff", "-o", "json")).stdout);
  expect(left.changes).toMatchObject([{ path: "log.level" }]);
  expect(JSON.parse((await runCommand(["config", "schema"], { cwd })).stdout)).toMatchObject({
    type: "object",
  });
}, 120_000);
