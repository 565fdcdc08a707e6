import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadSite } from "../../../src/config/site/load-site.ts";
import { pageTables, schemaFiles, withTable } from "../../../src/config/site/schema-files.ts";
import { machineFiles } from "../../../src/config/site/site-files.ts";

const root = new URL("../../../", import.meta.url);
const rootPath = fileURLToPath(root);
const files = machineFiles({});

describe("the shipped configuration", () => {
  it.each([
    "sluicegate.yaml",
    "examples/edge.yaml",
    "examples/hub.yaml",
    "examples/outside-broker.yaml",
    "examples/modbus.yaml",
    "examples/serial.yaml",
  ])("%s validates as it is, without a warning", async (name) => {
    const result = await loadSite(join(rootPath, "config", name), files);
    expect(result.faults).toEqual([]);
    expect(result.ok).toBe(true);
  });

  it("keeps its commented lines right: they validate when they are taken in", async () => {
    const path = join(rootPath, "config/sluicegate.yaml");
    const text = await readFile(path, "utf8");
    const all = text
      .split("\n")
      .slice(6)
      .map((line) => line.replace(/^( *)# (?=[ -]*[a-z_]+:)/, "$1"))
      .join("\n");
    const absent = ["config/devices.yaml", "config/profiles", "config/gateway.creds"];
    const result = await loadSite(path, {
      ...files,
      readFile: async (file) => (file === path ? Buffer.from(all) : files.readFile(file)),
    });
    const others = result.faults.filter(
      ({ message }) => !absent.some((name) => message.includes(name)),
    );
    expect(others).toMatchObject([
      { code: "config.secret-missing", message: expect.stringContaining("HOOK_SECRET") },
    ]);
    expect(result.faults).toHaveLength(4);
  });

  it("has rules to copy from, which validate in its place", async () => {
    const path = join(rootPath, "config/sluicegate.yaml");
    const text = await readFile(path, "utf8");
    const other = text.replace("rules/*.yaml", "rules/examples/*.yaml");
    const result = await loadSite(path, {
      ...files,
      readFile: async (file) => (file === path ? Buffer.from(other) : files.readFile(file)),
    });
    expect(other).not.toBe(text);
    expect(result.faults).toEqual([]);
    expect(result.ok).toBe(true);
  });

  it("has at most 60 lines to read", async () => {
    const text = await readFile(join(rootPath, "config/sluicegate.yaml"), "utf8");
    expect(text.split("\n").length).toBeLessThanOrEqual(61);
  });
});

describe("what is generated from the schemas", () => {
  it("is fresh (npx tsx src/config/site/write-schemas.ts && npm run format)", async () => {
    for (const [path, text] of schemaFiles()) {
      expect(JSON.parse(await readFile(join(rootPath, path), "utf8")), path).toEqual(
        JSON.parse(text),
      );
    }
    const committed = await readdir(join(rootPath, "config/schema"));
    expect(committed.map((name) => `config/schema/${name}`).sort()).toEqual(
      [...schemaFiles().keys()].sort(),
    );
  });

  it("includes the tables in the pages about the configuration and profiles", async () => {
    for (const table of pageTables()) {
      const page = await readFile(join(rootPath, table.page), "utf8");
      expect(withTable(page, table), table.page).toBe(page);
    }
  });

  it("has every field in the table of fields", () => {
    const [fields] = pageTables();
    expect(fields?.table).toContain("| `gateway.id` | string | required |");
  });
});
