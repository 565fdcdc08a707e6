import { expect, test } from "vitest";
import { RulesInForce } from "../../src/app/rules-in-force.ts";
import { type LoadedSite, loadSite } from "../../src/config/site/load-site.ts";
import { freezerRules, memorySite, siteText } from "../support/memory-site.ts";
import { silentLogger } from "../support/silence.ts";

const other = freezerRules.replace("name: cold", "name: hot");

async function siteWith(rules: string, configuration = siteText): Promise<LoadedSite> {
  const files = memorySite({
    "sluicegate.yaml": configuration,
    "rules/cold.yaml": rules,
    "rules/hot.yaml": other,
  });
  const { site } = await loadSite("sluicegate.yaml", files);
  if (!site) throw new Error("the site is wrong");
  return site;
}

/** The rules of files, with what the engine has of its own left out. */
async function idsIn(rules: RulesInForce): Promise<string[]> {
  const current = await rules.current();
  return current.rules.rules.map(({ id }) => id).filter((id) => !id.startsWith("sluicegate/"));
}

const broken = freezerRules.replace("above", "abov");

test("a start with broken rule files goes on with the last good ones, all of them", async () => {
  const good = await siteWith(freezerRules);
  const kept: unknown = JSON.parse(good.rules.text);
  const rules = new RulesInForce(await siteWith(broken), async () => kept, silentLogger);
  expect(await idsIn(rules)).toEqual(["cold/Warm", "hot/Warm"]);
});

test("a start where nobody ever had good rule files goes on with those without faults", async () => {
  for (const kept of [undefined, "no rules", [{ version: 7 }]]) {
    const rules = new RulesInForce(await siteWith(broken), async () => kept, silentLogger);
    expect(await idsIn(rules)).toEqual(["hot/Warm"]);
  }
});

test("rules are others only where files or the reserved rules say something else", async () => {
  const rules = new RulesInForce(await siteWith(freezerRules), async () => undefined, silentLogger);
  expect(rules.take(await siteWith(`# a comment\n${freezerRules}`))).toBe(false);
  expect(rules.take(await siteWith(freezerRules.replace("-15", "-14")))).toBe(true);
  const tuned = `${siteText}rules: { reserved: { QualityBad: { enabled: false } } }\n`;
  expect(rules.take(await siteWith(freezerRules.replace("-15", "-14"), tuned))).toBe(true);
});
