/**
 * Records what a processor of one version leaves behind when it is killed: a checkpoint, transitions
 * stored since, and the events behind both; and the events that follow.
 *
 * Run it with the program of that version, `tsx test/golden/record-alerts.ts <name> <sluicegate.js>`,
 * and commit the result: later programs must go on from it. It refuses to write over one that is
 * there.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventIdOf } from "../../src/core/ids.ts";
import { eventSubject } from "../../src/core/subject.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { AlertPlay, judgePlay, playRules, publishPlay } from "../faults/alert-play.ts";
import { type Hub, inHub } from "../faults/hub.ts";
import { countTransitions } from "../support/alerts-stream.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { keepBackbone } from "../support/kept-backbone.ts";
import { waitUntil } from "../support/wait-until.ts";

const [name = "", program = ""] = process.argv.slice(2);
if (!/^alerts-[a-z0-9-]+$/.test(name) || program === "")
  throw new Error("name the record and the program: alerts-before path/to/sluicegate.js");
const target = fileURLToPath(new URL(name, import.meta.url));
await mkdir(target);

const folder = await mkdtemp(join(tmpdir(), "sluicegate-record-"));
const configuration = "processor: { checkpoint_every: 5m, discover_every: 200ms }";
try {
  await inHub({ folder: join(folder, "hub"), configuration, program }, record);
} finally {
  await rm(folder, { recursive: true });
}

async function record(hub: Hub): Promise<void> {
  const play = new AlertPlay(createSeededRandom("recorded"));
  await hub.startServer();
  const processor = await hub.program("one", "processor");
  await hub.connected(async (connection) => {
    let sent = 0;
    /** Publishes so many seconds more; resolves when all that the rules say of them is stored. */
    const playOn = async (seconds: number): Promise<void> => {
      play.play(seconds);
      sent = await publishPlay(connection, play.written.slice(sent), sent);
      processor.start();
      const count = judgePlay(play.written).length;
      await waitUntil(
        async () => (await countTransitions(connection)) === count,
        `${count} transitions are stored`,
      );
    };
    await playOn(25);
    // Writes a checkpoint.
    await processor.stop();
    await playOn(10);
    await processor.kill();
    await writeLines("backbone.ndjson", await keepBackbone(connection));
    play.play(25);
    const rest = play.written.slice(sent).map((event) => {
      const { device, kind, origin, position } = event;
      const id = eventIdOf(origin.gateway, position.run, position.seq);
      const text = createEventEncoder(origin)(event, id);
      return JSON.stringify({ subject: eventSubject({ ...origin, device, kind }), id, text });
    });
    await writeLines("rest.ndjson", rest);
    await writeLines("rules.json", [JSON.stringify(playRules, null, 2)]);
  });
}

async function writeLines(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(target, file), lines.map((line) => `${line}\n`).join(""));
}
