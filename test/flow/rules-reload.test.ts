/** Rule files that change, break and are mended while a processor runs. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { makeGatewayStream, publishRecords, reading, startMs } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { roleProgram } from "../support/role-program.ts";
import { waitUntil } from "../support/wait-until.ts";

const hot = (above: number, summary = "it is hot"): string => `
      - alert: Hot
        select: { metric: temperature }
        condition: { threshold: { above: ${above} } }
        severity: warning
        annotations: { summary: "${summary}" }`;
const cold = `
      - alert: Cold
        select: { metric: temperature }
        condition: { threshold: { below: -50 } }
        severity: info`;
const fileOf = (...rules: string[]): string =>
  `version: 1\ngroups:\n  - name: g\n    rules:${rules.join("")}\n`;

/** A reading, and the promise behind it that the rules wait for. */
function heard(celsius: number, second: number): GatewayEvent[] {
  const sample = reading("d", celsius, second);
  const t = startMs + second * 1_000;
  return [sample, { ...sample, kind: "watermark", device: null, data: { t } }];
}

async function openSite(rules: string) {
  const { url } = await natsServer();
  const folder = await openFolder();
  const configPath = join(folder, "sluicegate.yaml");
  const write = (text: string): Promise<void> => writeFile(join(folder, "rules.yaml"), text);
  await write(rules);
  await writeFile(
    configPath,
    `site: plant-a
gateway: { id: gw1, data: data }
backbone: { servers: [${url}] }
rules:
  files: [rules.yaml]
  reserved: { GatewayOffline: { enabled: false } }
processor: { checkpoint_every: 100ms, discover_every: 100ms }
`,
  );
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const processor = roleProgram({ role: "processor", configPath, folder });
  onTestFinished(() => processor.stop());
  processor.start();
  let seq = 1;
  return {
    processor,
    write,
    run: (...args: string[]) => runCommand([...args, "--config", configPath], { cwd: folder }),
    async send(celsius: number, second: number) {
      await publishRecords(connection, "aaaaaaaa", seq, heard(celsius, second));
      seq += 2;
    },
    /** What is stored, all of it, once there is so much. */
    async says(...lines: string[]) {
      const read = async (): Promise<string[]> =>
        (await storedTransitions(connection)).map(({ limit, reason, rule, state }) =>
          [rule.split("/")[1], state, reason, limit].filter((word) => word !== undefined).join(" "),
        );
      await expect.poll(read, { timeout: 60_000 }).toEqual(lines);
    },
    /** Asks by a signal, and waits for the answer in the journal. */
    async hangUp(answer: string) {
      const count = (): number => processor.journal().split(answer).length;
      const before = count();
      processor.hangUp();
      await waitUntil(() => count() > before, answer);
    },
  };
}

test("rules are edited, taken away and added while a processor runs, and what fires knows it", async () => {
  const site = await openSite(fileOf(hot(30)));
  await site.send(40, 0);
  const said = ["Hot firing for_elapsed 30"];
  await site.says(...said);

  // Other words change nothing that fires.
  await site.write(fileOf(hot(30, "mind the heat")));
  await site.hangUp("were read again");
  await site.send(41, 10);

  await site.write(fileOf(hot(50)));
  await site.hangUp("were read again");
  await site.send(42, 20);
  said.push("Hot ended rule_changed 50");
  await site.says(...said);

  await site.send(60, 30);
  said.push("Hot firing for_elapsed 50");
  await site.says(...said);
  await site.write(fileOf(cold));
  const { stdout } = await site.run("reload");
  expect(stdout).toBe("profiles, devices and rules are as their files are now\n");
  await site.send(55, 40);
  said.push("Hot ended rule_removed 50");
  await site.says(...said);
  await site.send(-60, 50);
  said.push("Cold firing for_elapsed -50");
  await site.says(...said);
}, 120_000);

test("rule files with faults leave in force what was, over a restart too, and call a person once", async () => {
  const site = await openSite(fileOf(hot(50)));
  await site.send(20, 0);
  await waitUntil(() => site.processor.journal().includes("partition taken"), "it reads");
  await site.write(fileOf(hot(30).replace("above", "abov")));
  await site.hangUp("what runs goes on as it was");
  const said = ["RulesBroken firing for_elapsed"];
  await site.says(...said);
  await site.hangUp("what runs goes on as it was");
  await site.send(60, 10);
  said.push("Hot firing for_elapsed 50");
  await site.says(...said);
  expect((await site.run("status")).stdout).toMatch(
    /2 faults in the files, so 2 rules of before stay in force\n.*rules\.yaml:\d+:\d+: .*above/,
  );
  expect((await site.run("reload")).status).toBe(78);

  await site.processor.stop();
  site.processor.start();
  await waitUntil(
    () => site.processor.journal().includes("the last good ones stay in force"),
    "it starts with the rules of before",
  );
  await site.send(25, 20);
  said.push("Hot ended normal 50");
  await site.says(...said);

  await site.write(fileOf(hot(30)));
  await site.hangUp("were read again");
  said.push("RulesBroken ended normal");
  await site.says(...said);
  await site.send(46, 30);
  said.push("Hot firing for_elapsed 30");
  await site.says(...said);
}, 120_000);
