/** The rules and dashboards that come along, held against the figures of a process that runs. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readYaml } from "../../src/config/read-yaml.ts";
import { metricsOfEverything } from "../support/everything-here.ts";
import { isHere } from "../support/programs-here.ts";

const deploy = fileURLToPath(new URL("../../deploy", import.meta.url));
const fileOf = (name: string): Promise<string> => readFile(join(deploy, name), "utf8");
const dashboards = ["grafana/night-shift.json", "grafana/history.json"];

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets: readonly { readonly expr?: string; readonly query?: string }[];
}

/** Names of metrics in a text, with the labels that it asks each for. */
function asked(promql: string): [string, string[]][] {
  return Array.from(
    promql.matchAll(/\b((?:gateway|process)_\w+)(?:\{([^}]*)\})?/g),
    ([, name = "", labels = ""]) => [
      name,
      Array.from(labels.matchAll(/(\w+)\s*[!=]~?/g), ([, label = ""]) => label),
    ],
  );
}

/** The same of rules: only of what Prometheus evaluates. */
async function rules() {
  const read = readYaml(await fileOf("prometheus/alerts.yml"));
  if (!read.ok) throw new Error("alerts.yml is no YAML");
  const { groups } = JSON.parse(JSON.stringify(read.value)) as {
    groups: { rules: { alert: string; expr: string; labels: object; annotations: object }[] }[];
  };
  return groups.flatMap((group) => group.rules);
}

async function panelsOf(name: string): Promise<Panel[]> {
  return JSON.parse(await fileOf(name)).panels;
}

it("rules and dashboards ask for figures that are there from the start, by labels that these have", async () => {
  const metrics = await metricsOfEverything();
  const names = new Set(Array.from(metrics.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name));
  const exprs = [
    ...(await rules()).map(({ expr }) => expr),
    ...(await panelsOf("grafana/night-shift.json")).flatMap(({ targets }) =>
      targets.map(({ expr = "" }) => expr),
    ),
  ];
  const all = exprs.flatMap(asked);
  expect(all.length).toBeGreaterThan(40);
  for (const [name, labels] of all) {
    expect(names, name).toContain(name);
    const series = metrics.match(new RegExp(`^${name}\\{.*`, "gm")) ?? [];
    // Those that Prometheus adds are none of ours; what only counts faults has no series yet.
    const own = labels.filter((label) => !["job", "instance"].includes(label));
    if (series.length > 0 && own.length > 0)
      expect(series.join("\n"), name).toMatch(new RegExp(`[{,]${own[0]}="`));
  }
  // A count that begins with its first time does not rise.
  for (const expr of exprs)
    for (const [, name = "", , outcome] of expr.matchAll(
      /^increase\((\w+)(\{outcome="(\w+)"\})?\[/g,
    )) {
      const series = `^${name}(\\{.*${outcome ? `outcome="${outcome}".*` : ""}\\})? 0$`;
      expect(metrics, name).toMatch(new RegExp(series, "m"));
    }
  if (isHere("promtool")) {
    const checked = spawnSync("promtool", ["check", "metrics"], { input: metrics });
    expect(`${checked.stdout}${checked.stderr}`).toBe("");
  }
});

describe.runIf(isHere("promtool"))("promtool", () => {
  const promtool = (...args: string[]) => {
    const { status, stderr, stdout } = spawnSync("promtool", args, {
      cwd: deploy,
      encoding: "utf8",
    });
    return { status, said: stdout + stderr };
  };

  it("takes the configuration and the rules, and each alert is set off where it should be", () => {
    for (const args of [
      ["check", "config", "--syntax-only", "prometheus/prometheus.yml"],
      ["check", "rules", "prometheus/alerts.yml"],
      ["test", "rules", "prometheus/alerts.test.yml"],
    ])
      expect(promtool(...args)).toMatchObject({ status: 0 });
  });
});

it("each alert has a case that sets it off, a severity, and words that say what to do", async () => {
  const cases = await fileOf("prometheus/alerts.test.yml");
  for (const { alert, annotations, labels } of await rules()) {
    expect(cases, alert).toContain(`labels: '{alertname="${alert}"`);
    expect(Object.keys(annotations), alert).toEqual(["summary", "description"]);
    expect(labels, alert).toEqual({ severity: expect.stringMatching(/^(warning|critical)$/) });
  }
});

describe.each(dashboards)("%s", (name) => {
  it("has panels that say what they show, side by side, ten at most", async () => {
    const panels = await panelsOf(name);
    const taken = new Set<string>();
    for (const { description, gridPos, id, title } of panels) {
      expect(description, title).not.toBe("");
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`), `${title} lies on another`).toBe(false);
          taken.add(`${x} ${y}`);
        }
      expect(panels.filter((panel) => panel.id === id)).toHaveLength(1);
    }
    expect(panels.length).toBeLessThanOrEqual(10);
  });

  it("takes the source that is chosen in it, so that it works provisioned and imported", async () => {
    const text = await fileOf(name);
    const { id, schemaVersion, templating } = JSON.parse(text);
    expect([id, schemaVersion]).toEqual([undefined, 39]);
    expect(templating.list[0]).toMatchObject({ name: "datasource", type: "datasource" });
    const uids = Array.from(text.matchAll(/"uid": "([^"]*)"/g), ([, uid]) => uid);
    expect(uids.filter((uid) => uid !== "$" + "{datasource}")).toHaveLength(1);
    expect(text).not.toContain("__inputs");
  });
});

it("the dashboard of history asks for measurements and fields that the historian writes", async () => {
  const page = await readFile(new URL("../../src/historian/README.md", import.meta.url), "utf8");
  for (const { targets } of await panelsOf("grafana/history.json"))
    for (const { query = "" } of targets) {
      const measurement = /FROM "(\w+)"/.exec(query)?.[1] ?? "";
      const row = page.split("\n").find((line) => line.startsWith(`| \`${measurement}\` |`)) ?? "";
      for (const [, word] of query.matchAll(/"(\w+)"/g))
        expect(row, query).toContain(`\`${word}\``);
    }
});
