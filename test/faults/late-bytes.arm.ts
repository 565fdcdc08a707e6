/**
 * The gateway dies while bytes of its connection are held in the network, starts again over another
 * way, and publishes on. Then the old bytes arrive, later than any server remembers message ids.
 */
import { join } from "node:path";
import { connect } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { openCable } from "../../src/simulate/cable.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Longer than the stream's window for duplicates. */
const heldMs = 2_000;

export const lateBytes: Arm = {
  goal: "R10",
  title: "bytes of an old connection",
  figures: { small: 1, ci: 10, nightly: 100 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const boot = `late-${Date.now()}`;
      const { late, verdict } = await holdBytes(join(folder, "held"), boot, figure);
      note("control: a gateway that publishes without the fence");
      const control = await holdBytes(join(folder, "control"), boot, 1, "no-fence");
      return {
        runs: figure,
        ...sumCounts([verdict]),
        control: controlOf(control.verdict.duplicated),
        ok: verdict.ok && verdict.acked > 0 && late >= figure,
        notes: [
          ...verdict.examples,
          `${late} messages came late, of ${verdict.stored} stored`,
          `without the fence ${control.verdict.duplicated} of ${control.late} were stored twice`,
        ],
      };
    }),
};

interface Outcome {
  readonly verdict: LedgerVerdict;
  /** Messages that reached the server again by the old connection. */
  readonly late: number;
}

function holdBytes(folder: string, boot: string, rounds: number, fault?: Fault): Promise<Outcome> {
  const options = { folder, boot, fault };
  return inTrial(options, async ({ drain, gateway, judge, load, reaches, startBackbone }) => {
    const server = await startBackbone();
    // Any subscriber sees what arrives at the server, stored or not.
    const observer = await connect({ servers: server.url, reconnect: false });
    const seen = new Set<string>();
    let late = 0;
    observer.subscribe("ev.>", {
      callback: (_, message) => {
        const id = message.headers?.get("Ce-Id") ?? "";
        if (seen.has(id)) late += 1;
        else seen.add(id);
      },
    });
    await observer.flush();
    try {
      const devices = load({ connections: 4, ratePerSecond: 5_000 });
      for (let round = 0; round < rounds; round += 1) {
        const old = await openCable({ host: "127.0.0.1", port: server.port });
        await gateway.redirect(old.port);
        await gateway.start();
        const link = async () => (await gateway.status()).link;
        await reaches(["linked"]);
        await waitWhileMoving(
          async () => {
            old.stall("both");
            await sleep(systemClock, 100);
            if ((await link()).inFlight > 10) return true;
            // The first of a burst goes alone, and that one was held.
            old.resume();
            return false;
          },
          async () => (await link()).sent,
          "the old way holds messages",
        );
        await gateway.kill();
        await gateway.redirect(server.port);
        await gateway.start();
        await reaches(["linked"]);
        await sleep(systemClock, heldMs);
        const before = late;
        old.resume();
        await waitWhileMoving(
          () => late > before,
          () => seen.size,
          "the old bytes are read",
        );
        await sleep(systemClock, 200);
        await gateway.kill();
        await old.close();
      }
      await gateway.start();
      await devices.stop();
      return { verdict: judge(await drain()), late };
    } finally {
      await observer.close();
    }
  });
}
