import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execPath } from "node:process";
import { expect, test } from "vitest";
import { runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { publishOnce } from "../support/publish-once.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

/** How each shell completes a line by the script, and prints what it would offer. */
const shells = {
  bash: (words: readonly string[]) => [
    "-c",
    `source <(sluicegate completion bash)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_sluicegate; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: (words: readonly string[]) => [
    "-fc",
    `compadd() { print -l -- "\${(@)found}" }; compdef() { :; }; _files() { :; }
source <(sluicegate completion zsh)
words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}
_sluicegate`,
  ],
  fish: (words: readonly string[]) => [
    "--no-config",
    "-c",
    `sluicegate completion fish | source; complete -C '${words.join(" ")}'`,
  ],
} as const;

test("each shell that is there completes commands, flags, choices and names of what runs", async () => {
  const folder = await tempFolder();
  const gateway = await gatewayProcess({ folder, natsUrl: "nats://127.0.0.1:1" });
  await gateway.start();
  await publishOnce(
    gateway.mqttUrl,
    "tele/greenhouse/SENSOR",
    '{"Time":"2026-11-21T14:02:10","DS18B20":{"Temperature":21.4},"TempUnit":"C"}',
  );
  const bin = join(folder, "bin");
  await mkdir(bin);
  const wrapper = join(bin, "sluicegate");
  await writeFile(wrapper, `#!/bin/sh\nexec "${execPath}" "${program}" "$@"\n`);
  await chmod(wrapper, 0o755);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  const config = ["-c", gateway.configPath];
  const offered = async (...words: readonly string[]): Promise<string[]> =>
    (await runCommand(["complete", "--", ...words], { cwd: folder })).stdout.trim().split("\n");
  await waitUntil(
    async () => (await offered("devices", "show", ...config, "ta")).includes("tasmota-greenhouse"),
    "the device is offered",
  );
  await waitUntil(
    async () => (await offered("tap", ...config, "--metric", "")).some((one) => /temp/i.test(one)),
    "the metric is offered",
  );
  expect(await offered("explain", "stream.un")).toEqual([
    "stream.unauthorized",
    "stream.unavailable",
  ]);
  // Nobody answers there, and a shell does not wait.
  expect(await offered("devices", "show", "--socket", "/nowhere", "")).toEqual([""]);

  for (const [shell, wordsOf] of Object.entries(shells)) {
    const complete = (...words: readonly string[]): string[] | undefined => {
      const { error, stdout } = spawnSync(shell, wordsOf(["sluicegate", ...words]), {
        ...{ cwd: folder, env, encoding: "utf8" },
      });
      if (error) return undefined;
      return stdout
        .split("\n")
        .map((line) => line.replace(/\t.*/, ""))
        .filter(Boolean);
    };
    const verbs = complete("buffer", "sh");
    // A shell that is not on this machine is tried where it is.
    if (verbs === undefined) continue;
    expect([shell, verbs]).toEqual([shell, ["show"]]);
    expect([shell, complete("alerts", "ls", "--severity", "cri")]).toEqual([shell, ["critical"]]);
    expect([shell, complete("validate", "--str")]).toEqual([shell, ["--strict"]]);
    // A machine that is busy answers too late now and then, and then nothing is offered.
    await waitUntil(
      async () => complete("devices", "show", ...config, "tas")?.includes("tasmota-greenhouse"),
      `${shell} offers the device`,
    );
  }
}, 120_000);
