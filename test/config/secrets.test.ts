import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readSecret, Secret, type SecretPlaces } from "../../src/config/secrets.ts";

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
