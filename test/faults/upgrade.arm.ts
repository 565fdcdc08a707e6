/**
 * R22: data of earlier versions in the hands of today's program, and data of a later version in the
 * hands of a program that is too old for it.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import {
  copyGolden,
  filesIn,
  goldenFolders,
  keyLinesOf,
  makeNewer,
} from "../golden/golden-folders.ts";
import { gatewayProgram, program } from "../support/gateway-program.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import type { Arm } from "./arm.ts";

/** What one golden folder came to. */
interface Upgraded {
  /** Events that the backbone did not have yet. */
  readonly waiting: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
}

export const upgrade: Arm = {
  goal: "R22",
  title: "upgrade, and an older program on newer data",
  figures: { small: 1, ci: 1, nightly: 5 },
  missing: async () => undefined,
  async run(figure, note) {
    const home = await mkdtemp(join(tmpdir(), "sluicegate-upgrade-"));
    const failures: string[] = [];
    const sum = { waiting: 0, lost: 0, duplicated: 0, reordered: 0 };
    const names = await goldenFolders();
    let unmarked: string | undefined;
    try {
      for (let run = 0; run < figure; run += 1) {
        for (const name of names) {
          const place = join(home, String(run), name.replace("/", "-"));
          const upgraded = await drainOld(name, `${place}-old`);
          sum.waiting += upgraded.waiting;
          sum.lost += upgraded.lost;
          sum.duplicated += upgraded.duplicated;
          sum.reordered += upgraded.reordered;
          const refused = await refuseNewer(name, `${place}-newer`, true);
          if (refused !== undefined) failures.push(`${name} of a later version: ${refused}`);
        }
      }
      unmarked = await refuseNewer("v1/closed", join(home, "control"), false);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
    for (const failure of failures) note(failure);
    return {
      runs: figure * names.length * 2,
      acked: sum.waiting,
      lost: sum.lost,
      duplicated: sum.duplicated,
      reordered: sum.reordered,
      declaredLost: 0,
      control: unmarked === undefined ? "unharmed" : "harmed",
      ok: failures.length === 0 && sum.lost + sum.duplicated + sum.reordered === 0,
      notes: [
        `golden folders ${names.join(", ")}`,
        `newer data without the mark was not refused: ${unmarked}`,
        ...failures,
      ],
    };
  },
};

/** The real program on old data, into a real stream. */
async function drainOld(name: string, home: string): Promise<Upgraded> {
  const events = await copyGolden(name, join(home, "data", "log"));
  const server = await startNatsServer({ folder: join(home, "nats") });
  const configuration = await keyLinesOf(name, home);
  const gateway = await gatewayProgram({ folder: home, natsUrl: server.url, configuration });
  try {
    await gateway.start();
    await gateway.drained();
    const bodies = await readGatewayStream(server.url);
    const stored = bodies.map((body) => Buffer.from(body).toString());
    const old = stored.filter((text) => events.includes(text));
    const places = old.map((text) => events.indexOf(text));
    return {
      waiting: events.length,
      lost: events.length - new Set(old).size,
      duplicated: old.length - new Set(old).size,
      reordered: places.filter((at, index) => index > 0 && at < (places[index - 1] ?? 0)).length,
    };
  } finally {
    await gateway.kill();
    await server.kill();
  }
}

/** The real program on newer data; undefined when it refused it and changed nothing. */
async function refuseNewer(
  name: string,
  home: string,
  isMarked: boolean,
): Promise<string | undefined> {
  const log = join(home, "data", "log");
  await copyGolden(name, log);
  const newer = await makeNewer(log, isMarked);
  const before = await filesIn(log);
  const natsUrl = "nats://127.0.0.1:1";
  const configuration = await keyLinesOf(name, home);
  const { configPath } = await gatewayProgram({ folder: home, natsUrl, configuration });
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, "run", "gateway", "--config", configPath],
    { encoding: "utf8", timeout: isMarked ? 20_000 : 3_000 },
  );
  if (status !== 78) return `exit ${status}`;
  if (!stderr.includes(newer) || !stderr.includes("buffer.version")) return `said ${stderr}`;
  return isDeepStrictEqual(await filesIn(log), before) ? undefined : "files changed";
}
