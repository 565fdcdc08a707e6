import { expect, test } from "vitest";
import { secretFilesIn } from "../../src/app/reset/secret-files.ts";

test("a reset knows the secrets of a configuration wherever they are named, and nothing else", () => {
  const config = {
    buffer: { encryption: { key: { file: "buffer.key" }, former_keys: [{ file: "old.key" }] } },
    backbone: {
      credentials: { file: "gw.creds" },
      tls: { ca: "ca.pem", cert: "n.pem", key: "n.key" },
    },
    sources: [
      { kind: "mqtt-broker", users: { file: "users.yaml" }, tls: { cert: "c.pem", key: "c.key" } },
      { kind: "mqtt-client", password: { env: "PASSWORD" } },
    ],
    rules: { files: ["rules/*.yaml"] },
    console: { users: "console-users", tokens: "console-tokens" },
    profiles: { key: "not beside a certificate" },
  };
  expect([...secretFilesIn(config)].sort()).toEqual([
    "buffer.key",
    "c.key",
    "console-tokens",
    "console-users",
    "gw.creds",
    "n.key",
    "old.key",
    "users.yaml",
  ]);
});
