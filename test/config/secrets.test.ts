import { chmod, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readSecret, Secret, type SecretPlaces } from "../../src/config/secrets.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const places: SecretPlaces = {
  env: { TOKEN: "hunter2", EMPTY: "" },
  folder: "/etc/sluicegate",
  readFile: async (path) => {
    if (path === "/etc/sluicegate/token") return Buffer.from("hunter2\r\nnot this\n");
    throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  },
};

describe("Secret", () => {
  it("never prints", () => {
    const secret = new Secret("hunter2");
    const printed = [String(secret), JSON.stringify({ secret }), inspect({ secret }), `${secret}`];
    expect(printed.join()).not.toContain("hunter2");
    expect(JSON.stringify({ secret })).toBe('{"secret":"***"}');
    expect(secret.reveal()).toBe("hunter2");
  });
});

describe("readSecret", () => {
  it("takes the environment variable or the first line of the file that is named", async () => {
    expect((await readSecret({ env: "TOKEN" }, places)).reveal()).toBe("hunter2");
    expect((await readSecret({ file: "token" }, places)).reveal()).toBe("hunter2");
    const laid = { ...places, env: { CREDENTIALS_DIRECTORY: "/etc/sluicegate" } };
    expect((await readSecret({ credential: "token" }, laid)).reveal()).toBe("hunter2");
    expect((await readSecret({ file: "/etc/sluicegate/token" }, places)).reveal()).toBe("hunter2");
  });

  it.each([
    [{ env: "NONE" }, "environment variable NONE"],
    [{ env: "EMPTY" }, "environment variable EMPTY"],
    [{ file: "nothing" }, "/etc/sluicegate/nothing"],
  ])("names the reference %j when nothing is behind it", async (reference, named) => {
    await expect(readSecret(reference, places)).rejects.toMatchObject({
      code: "config.secret-missing",
      message: expect.stringContaining(named),
    });
  });
});

it("says what to do where systemd laid no credential", async () => {
  await expect(readSecret({ credential: "mqtt" }, places)).rejects.toThrow("LoadCredential=mqtt:");
});

it("warns of the file of a secret that every user of the machine may read", async () => {
  const folder = await tempFolder();
  const config = [
    "gateway: { id: gw1 }",
    "sources: [{ kind: mqtt-client, url: mqtt://127.0.0.1, topics: ['a/#'], password: { file: pw } }]",
  ];
  await writeFile(`${folder}/sluicegate.yaml`, config.join("\n"));
  await writeFile(`${folder}/pw`, "hunter2\n");
  const codes = async (mode: number) => {
    await chmod(`${folder}/pw`, mode);
    const { faults } = await loadSite(`${folder}/sluicegate.yaml`, machineFiles({}));
    return faults.map(({ code, severity }) => [code, severity]);
  };
  expect(await codes(0o644)).toContainEqual(["config.secret-open", "warning"]);
  expect(await codes(0o640)).not.toContainEqual(["config.secret-open", "warning"]);
});
