/**
 * Rules inside a gateway that is killed at any moment, mostly with no backbone: what its log has of them
 * is what the rules find in the events of that log, each transition once.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import { noReservedRules } from "../../src/rules/reserved/reserved-rules.ts";
import { buildRuleSet, ofEdge, type RuleSet } from "../../src/rules/rule-set.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const file = {
  version: 1,
  groups: [
    {
      name: "edge",
      rules: [
        {
          alert: "Warm",
          select: { metric: "temperature" },
          condition: { threshold: { above: 0 } },
          hold: "1h",
          severity: "critical",
          evaluate: "edge",
        },
      ],
    },
  ],
};
const controlKills = 6;

interface Outcome {
  readonly wanted: number;
  readonly missing: number;
  readonly twice: number;
}

export const edgeKills: Arm = {
  goal: "R33",
  title: "rules inside a gateway that is killed at any moment",
  figures: { small: 0, ci: 60, nightly: 500 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = process.env["FAULT_SEED"] ?? `edge-kills-${Date.now()}`;
      note(`seed ${seed}`);
      const { missing, twice, wanted } = await killEdge(join(folder, "killed"), seed, figure);
      note("control: what an earlier process found is not looked at");
      const again = join(folder, "control");
      const control = await killEdge(again, seed, controlKills, "edge-finds-again");
      return {
        runs: figure,
        acked: wanted,
        lost: missing,
        duplicated: twice,
        reordered: 0,
        declaredLost: 0,
        control: controlOf(control.twice),
        ok: missing + twice === 0 && wanted >= figure,
        notes: [
          `${wanted} transitions are in the log, and those that the rules find in its events`,
          `where nothing was recognized, ${control.wanted} transitions were there ${control.twice} times more`,
        ],
      };
    }),
};

function killEdge(folder: string, seed: string, kills: number, fault?: Fault): Promise<Outcome> {
  const configuration =
    "rules: { files: [edge.yaml] }\ntime: { watermark_every: 100ms, catch_up: 0s }\n";
  return inTrial({ folder, boot: seed, configuration, fault }, async ({ drain, gateway, load }) => {
    await writeFile(join(folder, "edge.yaml"), JSON.stringify(file));
    const random = createSeededRandom(seed);
    for (let kill = 0; kill < kills; kill += 1) {
      await gateway.start();
      const temperature = kill % 2 === 0 ? 5 : -20;
      const devices = load({
        name: "edge",
        connections: 4,
        total: 40,
        boot: `${seed}-${kill}`,
        fields: `"temperature":${temperature}`,
      });
      await devices.finished;
      await sleep(systemClock, random() * 400);
      await gateway.kill();
    }
    await gateway.start();
    await waitUntil(async () => {
      const { edgeRules } = await gateway.status();
      return edgeRules?.behind === 0;
    }, "the rules judged all of the log");
    // A watermark behind the last sample, and what is found at it.
    await sleep(systemClock, 6_000);
    return judge(await drain());
  });
}

function judge(bodies: readonly Uint8Array[]): Outcome {
  const events = bodies.flatMap((body): StoredEvent[] => {
    const event = decodeEvent(Buffer.from(body).toString());
    return isMalformed(event) ? [] : [event];
  });
  const engine = createRuleEngine(rules(), undefined, noReservedRules);
  const wanted = new Set(events.flatMap((event) => engine.feed(event).map(({ id }) => id)));
  const found = events.flatMap((event) =>
    event.kind === "alert-transition" ? [event.data.id] : [],
  );
  const once = new Set(found);
  return {
    wanted: wanted.size,
    missing: [...wanted].filter((id) => !once.has(id)).length,
    twice: found.length - once.size + [...once].filter((id) => !wanted.has(id)).length,
  };
}

function rules(): RuleSet {
  const parsed = parseRules(file);
  const built = parsed.ok ? buildRuleSet([parsed.value]) : parsed;
  if (!built.ok) throw new Error(JSON.stringify(built.faults));
  return ofEdge(built.value);
}
