import type { SiteFiles } from "../../src/config/site/site-files.ts";

/** A small profile that passes its own examples. */
export const freezerProfile = `profile: acme/fz-200
version: 1
about: A freezer.
match: { topic: "acme/{device}/state" }
time: none
metrics:
  - { name: temperature, path: t, unit: Cel }
examples:
  - topic: acme/f1/state
    payload: { t: -18 }
    expect: { device: f1, metrics: { temperature: -18 } }
`;

/** A rule that fits the profile. */
export const freezerRules = `version: 1
groups:
  - name: cold
    rules:
      - alert: Warm
        select: { profile: acme/fz-200, metric: temperature }
        condition: { threshold: { above: -15 } }
        for: 10m
        severity: warning
`;

/** A configuration that names them. */
export const siteText = `site: plant-a
gateway: { id: gw1 }
devices:
  - { id: freezer-07, profile: acme/fz-200 }
`;

/** Files in memory: a site in which nothing is wrong, changed by `changes`; undefined takes a file away. */
export function memorySite(
  changes: Readonly<Record<string, string | Uint8Array | undefined>> = {},
  env: Readonly<Record<string, string>> = {},
): SiteFiles {
  const texts = new Map<string, string | Uint8Array>();
  const all: Readonly<Record<string, string | Uint8Array | undefined>> = {
    "sluicegate.yaml": siteText,
    "rules/cold.yaml": freezerRules,
    "/shipped/acme/fz-200.yaml": freezerProfile,
    ...changes,
  };
  for (const [path, text] of Object.entries(all)) if (text !== undefined) texts.set(path, text);
  return {
    env,
    shippedProfiles: "/shipped",
    parsedProfiles: "/none",
    readFile: async (path) => Buffer.from(texts.get(path) ?? fail("ENOENT", path)),
    isOpenToAll: async () => false,
    listFolder: async (folder) => {
      const inside = [...texts.keys()].flatMap((path) =>
        path.startsWith(`${folder}/`) ? (path.slice(folder.length + 1).split("/")[0] ?? []) : [],
      );
      return inside.length > 0 ? [...new Set(inside)] : fail("ENOENT", folder);
    },
  };
}

function fail(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: no such file or directory, open '${path}'`), { code });
}
