import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as z from "zod";
import { entriesOf, flagsOf } from "../../src/cli/command-tree.ts";
import { formFile } from "../../src/cli/form-schemas.ts";
import { type FormName, forms } from "../../src/cli/forms.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { parsed } from "../../src/cli/remote.ts";
import { isObject } from "../../src/core/is-object.ts";
import { exampleSite } from "../support/example-site.ts";
import { isHere } from "../support/programs-here.ts";
import { victoriaMetrics } from "../support/victoria-metrics.ts";
import { webhookServer } from "../support/webhook-server.ts";

/** Calls of every command that takes `-o json`, in an order in which each finds what it needs. */
const here = [
  "sluicegate sim ls -o json",
  "sluicegate validate -o json",
  "echo 'gateway: { idd: x }' > broken.yaml; sluicegate validate broken.yaml -o json",
  "sluicegate status -o json",
  "sluicegate top --once -o json",
  "sluicegate top -o json",
  "sluicegate doctor -o json",
  "sluicegate doctor --list -o json",
  "sluicegate context ls -o json",
  "sluicegate devices ls -o json",
  "sluicegate devices show sim-freezer-01 -o json",
  "sluicegate devices show tasmota-kitchen -o json",
  "sluicegate devices unread -o json",
  "sluicegate devices unknown -o json",
  "sluicegate send sim-freezer-01 set_point level=-20 --dry-run -o json",
  "sluicegate send sim-freezer-01 set_point level=-20 --wait --timeout 20s -o json",
  "sluicegate send sim-freezer-02 set_point level=-20 -o json",
  "sluicegate commands ls -o json",
  "sluicegate commands show 5f0c1d2e3a4b5968 -o json",
  "sluicegate commands cancel 5f0c1d2e3a4b5968 -o json",
  "sluicegate alerts ls --all -o json",
  "sluicegate alerts show FreezerWarm sim-freezer-02 -o json",
  "sluicegate alerts watch -o json & sleep 4; sluicegate alerts ack FreezerWarm sim-freezer-03 --reason seen >/dev/null; sleep 4; kill -INT %1; wait",
  "sluicegate alerts ack FreezerWarm sim-freezer-02 --reason seen -o json",
  "sluicegate alerts shelve FreezerWarm sim-freezer-02 --for 1h --reason seen -o json",
  "sluicegate alerts unshelve FreezerWarm sim-freezer-02 -o json",
  "sluicegate alerts out-of-service FreezerWarm sim-freezer-01 --reason repair -o json",
  "sluicegate alerts in-service FreezerWarm sim-freezer-01 -o json",
  "sluicegate alerts reset DoorForced sim-freezer-02 -o json",
  "sluicegate alerts clear FreezerWarm sim-freezer-02 --reason x -o json",
  "sluicegate alerts stats -o json",
  "sluicegate notify test duty -o json",
  "sluicegate notify dlq ls -o json",
  "sluicegate notify dlq show duty 0a1b2c3d4e5f6071.3 -o json",
  "sluicegate profile ls -o json",
  "sluicegate profile test -o json",
  `sluicegate profile try --topic acme/th-1/state --payload '{"temperature":21.5}' -o json`,
  `sluicegate profile try --topic tele/kitchen/SENSOR --payload '{"Time":"2026-11-21T14:02:10","DS18B20":{"Temperature":21.4},"TempUnit":"C","X":4}' -o json`,
  "sluicegate rules ls -o json",
  "sluicegate rules validate -o json",
  "sluicegate rules explain FreezerWarm sim-freezer-02 -o json",
  "sluicegate rules explain FreezerWarm sim-freezer-02 --at 1s -o json",
  "sluicegate rules test -o json",
  "sluicegate record -o week.ndjson --since 1h && sluicegate rules backtest --from-file week.ndjson -o json",
  "sluicegate rules backtest rules/cold-chain.yaml --from-file week.ndjson --by device -o json",
  "sluicegate rules backtest --from-file week.ndjson --against rules/cold-chain.yaml -o json",
  'sluicegate rules backtest rules/cold-chain.yaml --from-file week.ndjson --sweep "FreezerWarm.for=5m..30m:5m" -o json',
  "sluicegate ports ls -o json",
  "sluicegate ports watch --listen tcp://127.0.0.1:4002 -o json",
  "sluicegate dlq ls -o json",
  "sluicegate dlq show -o json",
  "sluicegate dlq try -o json",
  "sluicegate dlq reprocess --all --dry-run -o json",
  "sluicegate dlq reprocess --all -o json",
  'sluicegate dlq discard --topic "tele/#" --reason noise --dry-run -o json',
  'sluicegate dlq discard --topic "tele/#" --reason noise --yes -o json',
  "sluicegate history rebuild -c history.yaml -o json",
  "sluicegate history check -c history.yaml -o json",
  "sluicegate history refused -c history.yaml -o json",
  "sluicegate history retry -c history.yaml -o json",
  "sluicegate bridge ls -c bridge.yaml -o json",
  "sluicegate bridge aside -c bridge.yaml -o json",
  "sluicegate bridge skip cloud gw1.x.1 --yes -c bridge.yaml -o json",
  "sluicegate bridge skip cloud gw1.x.1 --dry-run -c bridge.yaml -o json",
  "sluicegate events show gw1.k3f9x2ab.918273 -o json",
  "sluicegate trace gw1.k3f9x2ab.918273 -o json",
  "sluicegate state sim-freezer-01 -o json",
  "sluicegate state FreezerWarm sim-freezer-02 -o json",
  "sluicegate state sim-freezer-01 --as-known -o json",
  "sluicegate plan run cool_down device=sim-freezer-03 --dry-run -o json",
  "sluicegate plan run cool_down device=sim-freezer-03 --wait -o json",
  "sluicegate plan ls -o json",
  "sluicegate plan show cool_down-1 -o json",
  "sluicegate plan cancel cool_down-1 -o json",
  "sluicegate plan settle cool_down-1 --reason x -o json",
  "sluicegate config show -o json",
  "sluicegate config diff -o json",
  "echo 'log: { level: debug }' >> sluicegate.yaml; sluicegate config diff -o json",
  "sluicegate console -o json",
  "sluicegate console-users ls -o json",
  "sluicegate console-users add anna --role operator < password.txt >/dev/null; sluicegate console-users ls -o json",
  "sluicegate tokens add night --role operator -o json > token.json; cat token.json",
  "sluicegate tokens ls -o json",
  `printf -- '- { user: a, publish: ["a/#"] , password_hash: "%s" }\\n' "$(sluicegate users hash < password.txt)" > u.yaml; sluicegate users ls --file u.yaml -o json`,
  "sluicegate buffer show -o json",
  "sluicegate buffer show /media/card/var/lib/sluicegate -o json",
  "sluicegate buffer verify -o json",
  "sluicegate buffer verify /media/card/var/lib/sluicegate -o json",
  "sluicegate backbone prepare --nats nats://127.0.0.1:4222 -o json",
  "sluicegate audit ls -o json",
  "sluicegate audit verify -o json",
  "sluicegate explain stream.unauthorized -o json",
  "sluicegate explain -o json",
  "sluicegate version -o json",
];

/** The same of a gateway elsewhere: it is asked over its API. */
const there = [
  "sluicegate top --once --context plant -o json",
  "sluicegate events --limit 3 --context plant -o ndjson",
  "sluicegate status --context plant -o json",
  "sluicegate devices ls --context plant -o json",
  "sluicegate devices show sim-freezer-01 --context plant -o json",
  "sluicegate commands ls --context plant -o json",
  "sluicegate commands show 5f0c1d2e3a4b5968 --context plant -o json",
  "sluicegate send sim-freezer-04 set_point level=-20 --context plant -o json",
  "sluicegate send sim-freezer-04 set_point level=-20 --dry-run --context plant -o json",
  "sluicegate send sim-freezer-04 set_point level=-20 --wait --timeout 20s --context plant -o json",
  "sluicegate alerts ls --context plant -o json",
  "sluicegate alerts ack FreezerWarm sim-freezer-04 --reason r --context plant -o json",
  "sluicegate dlq ls --context plant -o json",
  "sluicegate dlq show --context plant -o json",
  "sluicegate dlq try --context plant -o json",
  "sluicegate dlq reprocess --all --context plant -o json",
  'sluicegate dlq discard --topic "tele/#" --reason noise --yes --context plant -o json',
  "sluicegate commands cancel 5f0c1d2e3a4b5968 --context plant -o json",
];

/** What nobody can have printed in a test: no port is plugged in meanwhile. */
const unseen: readonly string[] = ["port-change/1"];

const paths = entriesOf(buildProgram()).map(({ path }) => path);

/** Which command a line calls: the one with the most words. */
function calledBy(line: string): string[] {
  return [...line.matchAll(/sluicegate ([a-z -]+)/g)].flatMap(([, words = ""]) =>
    paths
      .filter((path) => path !== "" && `${words} `.startsWith(`${path} `))
      .toSorted((one, other) => other.length - one.length)
      .slice(0, 1),
  );
}

test("each command that takes -o json is called here", () => {
  const program = buildProgram();
  const withJson = entriesOf(program)
    .filter(({ command }) =>
      flagsOf(command).some(
        ({ argChoices, long }) => long === "--output" && argChoices?.includes("json"),
      ),
    )
    .map(({ path }) => path);
  const called = new Set(here.flatMap(calledBy));
  expect(withJson.filter((path) => !called.has(path))).toEqual([]);
});

/** By the files that are in the package. */
async function shipped(): Promise<ReadonlyMap<string, z.ZodType>> {
  const read = async (name: string): Promise<[string, z.ZodType]> => {
    const file = new URL(`../../dist/${formFile(name)}`, import.meta.url);
    return [name, z.fromJSONSchema(JSON.parse(await readFile(file, "utf8")))];
  };
  return new Map(await Promise.all(Object.keys(forms).map(read)));
}

const isForm = (name: string): name is FormName => Object.hasOwn(forms, name);

test("what each command prints with -o json is of its form, and nothing else stands beside it", async () => {
  const schemas = await shipped();
  const site = await exampleSite();
  const hook = await webhookServer(() => 400);
  const isHistoryHere = isHere("victoria-metrics", "-version");
  const database = isHistoryHere ? (await victoriaMetrics()).url : "http://127.0.0.1:9";
  const head = 'site: plant-a\nbackbone: { servers: ["nats://127.0.0.1:4222"] }\n';
  await site.run(`cat > history.yaml <<'END'
${head}gateway: { id: gw1, data: hdata }
historian: { url: "${database}" }
END
cat > bridge.yaml <<'END'
${head}gateway: { id: br1, data: bdata }
bridge: [{ name: cloud, kind: http, url: "${hook.url}" }]
END
`);
  const bridge = site.run("sluicegate run bridge -c bridge.yaml", 90);
  const wrong: unknown[] = [];
  const seen = new Set<string>();
  const hold = async (line: string): Promise<void> => {
    if (line.includes("history") && !isHistoryHere) return;
    const { status, stderr, stdout } = await site.run(
      line,
      / (top|ports watch) /.test(line) ? 40 : 120,
    );
    // A refusal is said on standard error, and then there is no answer.
    if ((status ?? 0) >= 2 && status !== 130 && stdout === "")
      return void refused.push([line, stderr]);
    for (const text of stdout.trimEnd().split("\n")) {
      const answer = parsed(text);
      const said = isObject(answer) ? String(answer["schema"]) : "";
      const name = said.replace(/^sluicegate\./, "");
      if (!isObject(answer) || !isForm(name)) {
        wrong.push([line, stderr, text.slice(0, 200)]);
        continue;
      }
      seen.add(name);
      const held = schemas.get(name)?.safeParse(answer);
      if (!held?.success) wrong.push([line, name, held?.error.issues, text.slice(0, 2_000)]);
      const unnamed = Object.keys(answer).filter(
        (member) => member !== "schema" && !Object.hasOwn(forms[name].shape, member),
      );
      if (unnamed.length > 0) wrong.push([line, `${name} does not name`, unnamed]);
    }
  };
  const refused: unknown[] = [];
  const chain = async (some: readonly string[]): Promise<void> => {
    for (const line of some) await hold(line);
  };
  const nounOf = (line: string): string => calledBy(line)[0]?.split(" ")[0] ?? "";
  const nouns = [...new Set(here.map(nounOf))];
  // Commands of one noun after each other; several nouns at the same time.
  const rest = nouns.map((noun) => here.filter((line) => nounOf(line) === noun));
  const worker = async (): Promise<void> => {
    for (let some = rest.shift(); some; some = rest.shift()) await chain(some);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  const home = 'export XDG_CONFIG_HOME="$PWD/elsewhere"; ';
  await site.run(
    `${home}sluicegate context add plant "$(sluicegate console -o json | grep -o 'http://[0-9.:]*' | head -1)" < <(grep -o '"token":"[^"]*"' token.json | cut -d'"' -f4)`,
  );
  await chain(there.map((line) => `${home}${line}`));
  await bridge;
  expect(wrong).toEqual([]);
  const left = Object.keys(forms).filter((name) => !seen.has(name) && !unseen.includes(name));
  expect(
    left.filter((name) => isHistoryHere || !/^(history|refused-points|points)/.test(name)),
    JSON.stringify(refused),
  ).toEqual([]);
}, 1_200_000);
