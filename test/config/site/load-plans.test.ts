import { expect, test } from "vitest";
import { loadSite } from "../../../src/config/site/load-site.ts";
import { freezerProfile, memorySite } from "../../support/memory-site.ts";

const profile = `${freezerProfile}commands:
  - name: set_limit
    about: Sets the limit
    params: { limit: { type: number } }
    topic: "acme/{device}/set"
    payload: "{limit}"
    examples:
      - { device: f1, params: { limit: -20 }, topic: acme/f1/set, payload: "-20" }
`;

function planOf(command: string): string {
  return `version: 1
plans:
  - name: cool_down
    steps:
      - { command: ${command}, device: freezer-07, params: { limit: -20 } }
`;
}

async function faultsOf(changes: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const files = memorySite({ "/shipped/acme/fz-200.yaml": profile, ...changes });
  const { faults } = await loadSite("sluicegate.yaml", files);
  return faults.map(
    ({ file, hint, message, place }) => `${file}:${place?.line}: ${message}; ${hint ?? ""}`,
  );
}

test("plans that fit their site have no faults, and are there by name", async () => {
  const files = memorySite({
    "/shipped/acme/fz-200.yaml": profile,
    "plans/a.yaml": planOf("set_limit"),
  });
  const result = await loadSite("sluicegate.yaml", files);
  expect(result.faults).toEqual([]);
  expect(result.ok && [...result.site.plans.keys()]).toEqual(["cool_down"]);
});

test("a command that the profile of a device does not have is told, with the one that was meant", async () => {
  expect(await faultsOf({ "plans/a.yaml": planOf("set_limt") })).toEqual([
    'plans/a.yaml:5: the profile of freezer-07 has no command "set_limt"; did you mean set_limit?',
  ]);
});

test("a name of two plans is told at the second", async () => {
  const [fault] = await faultsOf({
    "plans/a.yaml": planOf("set_limit"),
    "plans/b.yaml": planOf("set_limit"),
  });
  expect(fault).toContain('plans/b.yaml:3: plan "cool_down" is also in plans/a.yaml');
});
