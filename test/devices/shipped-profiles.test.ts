import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkExamples } from "../../src/normalize/check-examples.ts";
import { createCatalog } from "../../src/normalize/create-catalog.ts";
import type { Profile } from "../../src/normalize/profile.ts";
import { parseProfile } from "../../src/normalize/profile-schema.ts";

const folder = new URL("../../devices/", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .sort();

function load(file: string): Profile {
  const checked = parseProfile(parse(readFileSync(new URL(file, folder), "utf8")));
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults, null, 2));
  return checked.value;
}

describe.each(files)("devices/%s", (file) => {
  test("is named after its file", () => {
    expect(`${load(file).name}.yaml`).toBe(file);
  });

  test("does what its examples say", () => {
    expect(checkExamples(load(file))).toEqual([]);
  });

  test("shows at least two examples", () => {
    expect(load(file).examples.length).toBeGreaterThanOrEqual(2);
  });
});

test("each example of a discovered device is read the same with all profiles in the catalog", () => {
  const profiles = files.map(load);
  const catalog = createCatalog({ profiles, devices: [], generic: true });
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.faults));
  for (const profile of profiles) {
    if (profile.topics.length === 0) continue;
    for (const { topic } of profile.examples) {
      const route = catalog.value.route(topic, undefined);
      expect([topic, route.kind === "none" ? route.code : route.device.profile.name]).toEqual([
        topic,
        profile.name,
      ]);
    }
  }
});
