import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { checkExamples } from "../../src/normalize/check-examples.ts";
import { checkCommands } from "../../src/normalize/commands/check-commands.ts";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import { shippedFolder } from "./load-profile.ts";

test("the profiles in the README are valid and their examples are true", () => {
  const readme = readFileSync(new URL("README.md", shippedFolder), "utf8");
  const profiles = [...readme.matchAll(/```yaml\n(profile: .*?)```/gs)];
  expect(profiles.length).toBeGreaterThan(1);
  for (const [, yaml = ""] of profiles) {
    const checked = parseProfile(parse(yaml));
    if (!checked.ok) throw new Error(JSON.stringify(checked.faults, null, 2));
    expect(checkExamples(checked.value)).toEqual([]);
    expect(checkCommands(checked.value)).toEqual([]);
  }
});

test("the commands in the README are valid and their examples are true", () => {
  const readme = readFileSync(new URL("README.md", shippedFolder), "utf8");
  const [, profile = ""] = /```yaml\n(profile: .*?)```/s.exec(readme) ?? [];
  const [, commands = ""] = /```yaml\n(commands:.*?)```/s.exec(readme) ?? [];
  const checked = parseProfile({ ...parse(profile), ...parse(commands) });
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults, null, 2));
  expect(checked.value.commands).toHaveLength(1);
  expect(checkExamples(checked.value)).toEqual([]);
});
