import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { isObject } from "../../src/core/is-object.ts";
import { isLoopback, parseListenAddress } from "../../src/core/listen-address.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function load(...lines: readonly string[]) {
  const path = `${await tempFolder()}/sluicegate.yaml`;
  await writeFile(path, ["gateway: { id: gw1 }", ...lines].join("\n"));
  return loadSite(path, machineFiles({}));
}

/** Whatever is named `listen`, anywhere. */
function listensIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listensIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === "listen" && typeof one === "string" ? [one] : listensIn(one),
  );
}

describe("a box on which nothing was configured", () => {
  it("listens to this machine only", async () => {
    const loaded = await load();
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    const listens = listensIn(loaded.site.config);
    expect(listens.length).toBeGreaterThan(0);
    for (const listen of listens)
      expect([listen, isLoopback(parseListenAddress(listen)?.host ?? "")]).toEqual([listen, true]);
  });

  it.each(["0.0.0.0:1883", "[::]:1883", "192.0.2.7:1883", "gateway.plant.example:1883"])(
    "does not listen at %s before it knows who may come",
    async (listen) => {
      const ways = [
        `sources: [{ kind: mqtt-broker, listen: "${listen}" }]`,
        `sources: [{ kind: mqtt-broker, websocket: { listen: "${listen}" } }]`,
        `console: { listen: "${listen}" }`,
      ];
      for (const way of ways) {
        const { faults, ok } = await load(way);
        expect([way, ok, faults.length]).toEqual([way, false, 1]);
      }
    },
  );
});
