import { isAbsolute, join } from "node:path";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { type FaultFormat, printFaults } from "../../src/config/print-faults.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { memorySite } from "../support/memory-site.ts";

/** Names of files, as unlucky as people may choose them. */
const parts = [
  "password",
  "token",
  "secret: ",
  "bearer ",
  "$1$x",
  ":",
  "=",
  "@",
  "/",
  "?key=",
  "a",
];
const fileName = fc
  .array(fc.constantFrom(...parts), { minLength: 1, maxLength: 5 })
  .map((chosen) => `${chosen.join("")}.d`);
const secret = fc.stringMatching(/^hunter2[a-z0-9]{4,12}$/);
const field = fc.constantFrom("password", "token", "api_key", "client_secret", "passphrase");

it("whatever a file is called, why it is not read is said with its name, and no secret beside it", async () => {
  await fc.assert(
    fc.asyncProperty(fileName, secret, field, async (name, planted, named) => {
      const text = `gateway: { id: gw1 }
backbone: { ${named}: ${planted} }
notify:
  receivers:
    w:
      kind: webhook
      ${named}: "${planted}"
      url: "http://joe:${planted}@host/?token=${planted}"
      secret: { file: ${JSON.stringify(name)} }
sources:
  - { kind: mqtt-broker, users: { file: ${JSON.stringify(name)} } }
  - { kind: mqtt-broker, listen: "127.0.0.1:2", users: { file: /etc/password } }
`;
      const { faults } = await loadSite(
        "sluicegate.yaml",
        memorySite({ "sluicegate.yaml": text, "rules/cold.yaml": undefined }),
      );
      const path = isAbsolute(name) ? name : join(".", name);
      for (const format of ["text", "json"] satisfies FaultFormat[]) {
        const printed = printFaults(faults, 1, format);
        expect(printed).not.toContain(planted);
        for (const said of [`the secret in ${path}`, `cannot read ${path}`, "read /etc/password"])
          expect(printed).toContain(`${said}: there is no such file (ENOENT)`);
      }
    }),
    { numRuns: 60 },
  );
}, 300_000);
