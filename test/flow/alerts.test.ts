import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { makeGatewayStream, publishRecords, reading, startMs } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { startProcessor } from "../support/start-processor.ts";

const rules = ruleSet({
  alert: "FreezerWarm",
  select: { metric: "temperature" },
  severity: "critical",
  condition: { threshold: { above: -15 } },
});

/** A reading of the freezer, and the promise behind it that the rules wait for. */
function heard(celsius: number, second: number): GatewayEvent[] {
  const sample = reading("freezer-07", celsius, second);
  const t = startMs + second * 1_000;
  return [sample, { ...sample, kind: "watermark", device: null, data: { t } }];
}

test("a critical alert is cleared from the command line, fires again where it still is so, and waits to be seen behind its end", async () => {
  const { url } = await natsServer();
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\n");
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const start = () =>
    startProcessor(url, {
      backbone: testBackbone(url, `processor-${Math.random()}`),
      createEngine: (memory) =>
        createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts)),
    });
  const run = (...args: string[]) => runCommand(["alerts", ...args, "--nats", url], { cwd });
  const say = async () =>
    (await storedTransitions(connection)).map(({ reason, state }) => `${state} ${reason}`);
  const said = (...lines: string[]) => expect.poll(say, { timeout: 30_000 }).toEqual(lines);

  const first = start();
  await publishRecords(connection, "aaaaaaaa", 1, heard(-10, 0));
  await said("firing for_elapsed");
  expect(await run("clear", "FreezerWarm", "--by", "ana", "--reason", "door was open")).toEqual({
    status: 0,
    stdout: "FreezerWarm freezer-07 asked to be cleared\n",
    stderr: "",
  });
  expect((await run("ls")).stdout).toBe("no alerts\n");

  await first.stop();
  start();
  await publishRecords(connection, "aaaaaaaa", 3, heard(-10, 60));
  await said("firing for_elapsed", "ended cleared", "firing for_elapsed");
  await publishRecords(connection, "aaaaaaaa", 5, heard(-18, 120));
  await said("firing for_elapsed", "ended cleared", "firing for_elapsed", "ended normal");
  const left = await run("ls");
  expect(left.stdout).toMatch(/critical\treturned unacknowledged\tFreezerWarm freezer-07/);
  const story = await run("show", "FreezerWarm", "freezer-07", "--episodes", "2");
  expect(story.stdout).toMatch(
    /firing critical .*\n.* clear +by ana: door was open\n.*ended critical +cleared.*\n.*firing critical.*\n.*ended critical +normal/,
  );
}, 120_000);
