import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { toSiteId } from "../../src/core/ids.ts";
import { RuleFiles, type RuleFilesState } from "../../src/processor/rule-files.ts";
import {
  brokenRulesAlert,
  brokenRulesInstance,
  mendedRulesAlert,
} from "../../src/rules/reserved/rules-broken.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";

const site = toSiteId("plant-a");
const trouble = { where: "rules/cold.yaml:3:1", what: "abov is no field" };
const broken = (): RuleFilesState => ({
  kind: "broken",
  begin: (atMs) => brokenRulesAlert(site, trouble, atMs),
});
const good = (...files: unknown[]): RuleFilesState => ({
  kind: "good",
  text: JSON.stringify(files),
});

async function openSite() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  const open = (state: RuleFilesState): RuleFiles => {
    const files = new RuleFiles(state, {
      site,
      instance: brokenRulesInstance(site),
      end: mendedRulesAlert,
      lateAfterMs: 300_000,
      backbone: testBackbone(url, `files-${Math.random()}`),
      backboneOptions: backboneOptionsFor(url),
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
    });
    onTestFinished(() => files.stop());
    files.start();
    return files;
  };
  const says = (...lines: string[]) =>
    expect
      .poll(
        async () => (await storedTransitions(connection)).map(({ n, state }) => `${state} ${n}`),
        {
          timeout: 30_000,
        },
      )
      .toEqual(lines);
  return { open, says };
}

test("broken rule files are told once by three that find them, and again when they break again", async () => {
  const { open, says } = await openSite();
  const three = [open(broken()), open(broken()), open(broken())];
  await says("firing 1");
  for (const each of three) each.say(good(1));
  await says("firing 1", "ended 2");
  for (const each of three) each.say(broken());
  await says("firing 1", "ended 2", "firing 1");
  await Promise.all(three.map((each) => each.stop()));

  // Whoever starts with good ones ends what another began, and knows what they were.
  const next = open(good(2));
  await says("firing 1", "ended 2", "firing 1", "ended 2");
  await expect.poll(() => next.lastGood(), { timeout: 30_000 }).toEqual([2]);
});

test("the last good rule files are kept over those who read them, and broken ones replace nothing", async () => {
  const { open } = await openSite();
  const first = open(good({ a: 1 }));
  await expect.poll(() => first.lastGood(), { timeout: 30_000 }).toEqual([{ a: 1 }]);
  first.say(good({ a: "é".repeat(400_000) }));
  const length = async (): Promise<number> => JSON.stringify(await first.lastGood()).length;
  await expect.poll(length, { timeout: 30_000 }).toBeGreaterThan(400_000);
  await first.stop();
  const second = open(broken());
  expect(JSON.stringify(await second.lastGood()).length).toBeGreaterThan(400_000);
});
