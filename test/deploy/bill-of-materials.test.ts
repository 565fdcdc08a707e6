/** What is inside of a release, and whether we may ship it; of the bundle that was built last. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { filesOfBundle, packagesOf } from "../../deploy/bundled-packages.ts";
import { house } from "../support/house-copy.ts";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly scope: string;
  readonly purl: string;
  readonly licenses: readonly { readonly expression: string }[];
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

const dist = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
const sbom: { specVersion: string; components: Component[] } = JSON.parse(
  await readFile(dist("sbom.cdx.json"), "utf8"),
);
const notices = await readFile(dist("THIRD-PARTY-NOTICES.txt"), "utf8");
/** Licenses under which we may ship what others wrote, and that ask for their text and no more. */
const allowed = [
  ...["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0"],
  ...["CC0-1.0", "ISC", "MIT", "MIT-0", "Unlicense"],
];

describe("the bill of materials", () => {
  it("names 70 packages at most, each once and with its checksum", () => {
    const names = sbom.components.map(({ name, version }) => `${name}@${version}`);
    expect(names.length).toBeGreaterThan(30);
    expect(new Set(sbom.components.map(({ name }) => name)).size).toBeLessThanOrEqual(70);
    expect(new Set(names).size).toBe(names.length);
    for (const { hashes, name, purl } of sbom.components) {
      expect(hashes[0]?.content, name).toMatch(/^[0-9a-f]{128}$/);
      expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d/);
    }
  });

  it("has no license that asks for more than its own text", () => {
    const others = sbom.components.filter(
      ({ licenses }) => !allowed.includes(licenses[0]?.expression ?? ""),
    );
    expect(others.map(({ licenses, name }) => [name, licenses])).toEqual([]);
  });

  it("names what is in the bundle as the notices do, and serial ports as what may be beside it", () => {
    const inside = sbom.components.filter(({ scope }) => scope === "required");
    const noticed = [...notices.matchAll(/^(@?[\w./-]+) (\d\S*) \([^)\n]+\)\n-+\n\n(.*)/gm)];
    expect(noticed.map(([, name, version]) => `${name}@${version}`)).toEqual(
      inside.map(({ name, version }) => `${name}@${version}`),
    );
    for (const [, name, , text] of noticed) expect(text, name).not.toBe("");
    const beside = sbom.components.filter(({ scope }) => scope === "optional");
    expect(beside.map(({ name }) => name)).toContain("@serialport/bindings-cpp");
    expect(inside.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["aedes", "preact", "@nats-io/jetstream"]),
    );
  });

  it("leaves out what the bundler shook off", () => {
    const left = { bytesInOutput: 0 };
    const inputs = {
      "node_modules/zod/index.js": left,
      "node_modules/pino/pino.js": { bytesInOutput: 9 },
    };
    const output = { bytes: 9, imports: [], exports: [], inputs };
    expect(filesOfBundle({ inputs: {}, outputs: { "main.js": output } })).toEqual([
      "node_modules/pino/pino.js",
    ]);
  });

  it("finds packages wherever they lie, and is not written with one that has no license", async () => {
    await expect(packagesOf(house, ["node_modules/nowhere/index.js"])).rejects.toThrow(/nowhere/);
    const [aedes] = await packagesOf(house, ["../other/node_modules/aedes/aedes.js"]);
    expect(aedes).toMatchObject({ name: "aedes", license: "MIT" });
  });
});
