import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signBundle } from "../../src/app/fleet/bundle.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { waitUntil } from "../support/wait-until.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

test("a change of the fleet that was killed in the middle is told by all who read the files, until it is undone", async () => {
  const folder = await openFolder();
  const gateway = await gatewayProcess({ folder, natsUrl: "nats://127.0.0.1:1" });
  const before = await readFile(gateway.configPath, "utf8");
  await writeFile(join(folder, "fleet.pub"), publicKey.export({ type: "spki", format: "pem" }));
  const notes = Array.from({ length: 600 }, (_, n) => [`notes/${n + 1000}.txt`, "new"] as const);
  const files = { ...Object.fromEntries(notes), "sluicegate.yaml": `${before}log: {}\n` };
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await writeFile(join(folder, "7.bundle"), signBundle({ gateway: "gw1", version: 7, files }, key));
  const applying = spawn(process.execPath, [program, "fleet", "apply", "7.bundle", "--yes"], {
    cwd: folder,
  });
  const ended = once(applying, "exit");
  await waitUntil(
    () =>
      access(join(folder, "notes/1000.txt")).then(
        () => true,
        () => false,
      ),
    "the first file is there",
    240_000,
  );
  applying.kill("SIGKILL");
  await ended;
  expect(await readFile(gateway.configPath, "utf8")).toBe(before);

  const run = (line: string) => runCommand(line.split(" "), { cwd: folder });
  const twoVersions = /two versions: a change of the fleet to version 7 was cut off/;
  const valid = await run("validate");
  expect(valid.stdout).toMatch(/sluicegate\.yaml:1:1 warning\[config\.half-changed\]/);
  expect(valid.stdout).toMatch(twoVersions);
  expect((await run("validate --strict")).status).toBe(1);
  expect((await run("doctor --only config.change")).stdout).toMatch(twoVersions);
  expect(await run("explain config.half-changed")).toMatchObject({ status: 0 });

  await gateway.start();
  await waitUntil(() => /two versions of its fleet/.test(gateway.journal()), "the journal says so");
  expect((await run("status")).stdout).toMatch(/^Files {5}of two versions.*version 7/m);
  expect(JSON.parse((await run("status -o json")).stdout)).toMatchObject({
    halfChanged: { version: 7 },
  });
  expect(await run("reload")).toMatchObject({
    status: 78,
    stderr: expect.stringMatching(twoVersions),
  });

  expect(await run("fleet apply --rollback --yes")).toMatchObject({ status: 0 });
  expect((await run("validate --strict")).stdout).toMatch(/^0 errors, 0 warnings/m);
  expect(await run("reload")).toMatchObject({ status: 0 });
  await gateway.stop();
}, 600_000);
