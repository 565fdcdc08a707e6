import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { Check, DoctorSurroundings } from "../../../src/app/doctor/check.ts";
import { checkGroups, NotChecked } from "../../../src/app/doctor/check.ts";
import { ok } from "../../../src/app/doctor/finding.ts";
import { openSurroundings } from "../../../src/app/doctor/open-surroundings.ts";
import { type CheckResult, runChecks } from "../../../src/app/doctor/run-checks.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { toGatewayId, toSiteId } from "../../../src/core/ids.ts";
import { permittedBackbone } from "../../support/permitted-backbone.ts";
import { examine } from "./fixture.ts";

const words = { asks: "whether it works", explanation: "It may not." };
const around: Omit<DoctorSurroundings, "signal"> = openSurroundings({
  ...{ capMs: 100, configPath: "nowhere.yaml", env: {} },
});

async function run(checks: readonly Check[], capMs = 100): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of runChecks(checks, around, { clock: systemClock, capMs }))
    results.push(result);
  return results;
}

it("a check that hangs is cut, is told that it is to end, and the next one is made", async () => {
  let isTold = false;
  const [hung, next] = await run([
    {
      ...{ id: "a.hangs", group: "machine", ...words },
      run: ({ signal }) => {
        signal.addEventListener("abort", () => {
          isTold = true;
        });
        return new Promise(() => {});
      },
    },
    { id: "a.works", group: "machine", ...words, run: async () => [ok("well")] },
  ]);
  expect(hung?.findings).toMatchObject([{ verdict: "error", what: "no answer within 0.1 s" }]);
  expect(next?.findings).toEqual([ok("well")]);
  expect(isTold).toBe(true);
});

it("a group that hangs does not hold up what another group finds", async () => {
  let order = "";
  await run([
    {
      ...{ id: "a.hangs", group: "machine", ...words },
      run: () => new Promise(() => {}),
    },
    {
      ...{ id: "b.works", group: "backbone", ...words },
      run: async ({ clock }) => {
        order += `b at ${clock.monotonicMs() > 0}`;
        return [];
      },
    },
  ]);
  expect(order).toBe("b at true");
});

it("checks of all groups are made with one signal, and nothing complains of how many listen to it", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const { signal } = new AbortController();
  const many = checkGroups.map(
    (group): Check => ({
      ...{ id: `${group}.works`, group, ...words },
      run: async () => [ok("well")],
    }),
  );
  const results: CheckResult[] = [];
  for await (const result of runChecks(many, around, { clock: systemClock, capMs: 100, signal }))
    results.push(result);
  await new Promise((resolve) => setImmediate(resolve));
  expect(results).toHaveLength(checkGroups.length);
  expect(warnings).toEqual([]);
});

it("what a check throws is a fault of what it looked at, and what it could not look at is skipped", async () => {
  const throwing = (thrown: Error): Check => ({
    ...{ id: "a.throws", group: "machine", ...words },
    run: async () => {
      throw thrown;
    },
  });
  const results = await run([throwing(new Error("odd")), throwing(new NotChecked("no network"))]);
  expect(results.map(({ findings }) => findings)).toMatchObject([
    [{ verdict: "error", what: "the check a.throws failed: odd" }],
    [{ verdict: "skipped", what: "no network" }],
  ]);
});

it("a server that takes the connection and says nothing is told of, with its name", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await new Promise((resolve) => silent.once("listening", resolve));
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : 0;
  const server = `nats://127.0.0.1:${port}`;
  const found = await examine("nats.connect", {
    config: { backbone: { servers: [server] } },
    status: {},
    capMs: 10_000,
  });
  expect(found).toMatchObject([{ verdict: "error", about: server }]);
  expect(found[0]?.what).toMatch(/nothing was heard for \d+ ms/);
});

it("a gateway that may read its own commands and nobody else's lacks no right", async () => {
  const origin = { site: toSiteId("site"), gateway: toGatewayId("gw1") };
  const { seedFile, url } = await permittedBackbone([origin]);
  const credentials = { file: seedFile("gateway-gw1") };
  const config = { backbone: { servers: [url], credentials } };
  const status = { gateway: {} };
  expect(await examine("nats.rights", { config, status })).toEqual([
    ok("may be read", "GW_gw1"),
    ok("may be read", "CMD_gw1"),
  ]);
});

it("a configuration that names no backbone waits for none before it is run", async () => {
  const [found] = await examine("nats.connect", {});
  expect(found).toMatchObject({ verdict: "skipped", what: expect.stringMatching(/sluicegate up/) });
});
