/**
 * Power cuts of a nats-server with its defaults, which acknowledges before it syncs: the gateway
 * sends again what the server lost, and the stream is complete.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { findNatsServer } from "../../src/nats-server/nats-server-program.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { readMetrics } from "../../src/telemetry/status-client.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { checkDeclaredLosses, type DeclaredLosses } from "./declared-losses.ts";
import { type Regression, readRegressions } from "./regressions.ts";
import { inTrial } from "./trial.ts";
import { makeFileSystem } from "./uml/disk-image.ts";
import { bootMachine, type Machine } from "./uml/machine.ts";
import { missingDevice, missingForMachine, missingRoot } from "./uml/missing.ts";
import { withTapNetwork } from "./uml/tap-network.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const guest = fileURLToPath(new URL("uml/guests/nats.sh", import.meta.url));
const diskBytes = 2 ** 30;
const eventsPerSecond = 2_000;
/** A server that writes to the disk each time takes fewer. */
const syncedEventsPerSecond = 200;
const syncedCuts = 3;
const ready = /Server is ready/;
/** Keeps next to nothing of what was confirmed. */
const withoutHoldBack = "buffer: { segment_bytes: 64KiB, hold_back: { time: 0s, max_bytes: 0 } }\n";

export const backbonePowerCuts: Arm = {
  goal: "R12",
  title: "power cuts of nats-server",
  figures: { small: 0, ci: 10, nightly: 100 },
  missing: async () =>
    (await missingForMachine(["ip"])) ?? missingRoot() ?? (await missingDevice("/dev/net/tun")),
  run: async (figure, note) => {
    const seed = `backbone-${Date.now()}`;
    note(`seed ${seed}`);
    const outcome = await cutBackbone({ cuts: figure, seed, note });
    note("a server whose store is written through (chattr +S)");
    const synced = await cutBackbone({ cuts: syncedCuts, seed, note, writeThrough: true });
    note("control: a gateway that keeps nothing for sending again");
    const control = await cutBackbone({ cuts: 1, seed, note, configuration: withoutHoldBack });
    const { counted, losses, regressions, verdict } = outcome;
    const lostByServer = regressions.reduce((sum, at) => sum + at.confirmed - at.found, 0);
    const slowestMs = Math.max(0, ...regressions.map(({ afterMs }) => afterMs));
    const { acked, duplicated, lost, reordered } = verdict;
    return {
      ...{ runs: figure, acked, duplicated, lost, reordered, declaredLost: losses.declared },
      control: controlOf(control.verdict.lost),
      ok:
        verdict.ok &&
        losses.missing === 0 &&
        losses.declared === 0 &&
        control.losses.faults.length === 0 &&
        lostByServer > 0 &&
        counted === regressions.length &&
        regressions.every(({ atOnce }) => atOnce) &&
        synced.verdict.ok &&
        synced.counted === 0,
      notes: [
        ...verdict.examples.slice(0, 5),
        ...synced.verdict.examples.slice(0, 5),
        // What cannot be sent again must be declared, to the record.
        ...control.losses.faults.slice(0, 5).map((fault) => `without hold-back: ${fault}`),
        `the server lost ${lostByServer} confirmed events; ${counted} regressions counted, each ` +
          `noticed first of all on its connection, ${slowestMs} ms after the connect at most`,
        ...(lostByServer > 0 ? [] : ["the server lost nothing, so nothing was shown"]),
        `written through, ${syncedCuts} cuts: ${synced.counted} regressions, ` +
          `${synced.verdict.lost} of ${synced.verdict.acked} acked were lost`,
        `without hold-back ${control.verdict.lost} of ${control.verdict.acked} acked were lost, ` +
          `${control.losses.declared} events declared`,
      ],
    };
  },
};

interface Cuts {
  readonly cuts: number;
  readonly seed: string;
  readonly note: (text: string) => void;
  /** The server's store is written through to the disk. */
  readonly writeThrough?: boolean;
  /** Of the gateway. */
  readonly configuration?: string;
}

interface Outcome {
  readonly verdict: LedgerVerdict;
  readonly losses: DeclaredLosses;
  readonly regressions: readonly Regression[];
  /** Regressions by the gateway's own counter. */
  readonly counted: number;
}

/** A gateway under load here, its backbone in a machine whose power is cut again and again. */
function cutBackbone(options: Cuts): Promise<Outcome> {
  const { configuration, cuts, note, seed, writeThrough = false } = options;
  return inWorkFolder((folder) =>
    withTapNetwork(async ({ device, guestAddress }) => {
      const random = createSeededRandom(seed);
      const disk = join(folder, "nats.img");
      await makeFileSystem(disk, diskBytes);
      const boot = (keenKernel: boolean): Machine =>
        bootMachine({
          guest,
          folder,
          disks: [disk],
          tap: device,
          variables: {
            address: guestAddress,
            nats_server: findNatsServer(process.env).path,
            keen_kernel: keenKernel ? "yes" : "",
            write_through: writeThrough ? "yes" : "",
          },
        });
      const gatewayFolder = join(folder, "gateway");
      const trialOptions = {
        folder: gatewayFolder,
        boot: seed,
        natsUrl: `nats://${guestAddress}:4222`,
        ...(configuration !== undefined && { configuration }),
      };
      let machine = boot(false);
      try {
        await machine.line(ready);
        return await inTrial(trialOptions, async ({ drain, gateway, judge, load, reaches }) => {
          const noticed = (): readonly Regression[] => readRegressions(gateway.journal());
          try {
            await gateway.start();
            await reaches(["linked"]);
            for (let cut = 1; cut <= cuts; cut += 1) {
              // They fall silent when the server is back: a slow machine must catch up as well.
              const devices = load({
                name: `cut-${cut}`,
                ratePerSecond: writeThrough ? syncedEventsPerSecond : eventsPerSecond,
              });
              await sleep(systemClock, 500 + random() * 4_500);
              await machine.cut();
              const before = noticed().length;
              const cutAtMs = systemClock.wallMs();
              const { confirmed, lastSeq } = (await gateway.status()).buffer;
              // Half of the time the kernel writes soon by itself: then a part is lost, and not all.
              machine = boot(cut % 2 === 1);
              await machine.line(ready);
              await reaches(["draining", "linked"], cutAtMs);
              await devices.stop(20_000);
              // Now and then the next cut comes while what was lost is sent again.
              if (cut % 3 !== 0 || cut === cuts) await reaches(["linked"], cutAtMs);
              const [lost] = noticed().slice(before);
              note(
                `cut ${cut} at ${confirmed?.seq ?? 0} of ${lastSeq} confirmed: ` +
                  (lost ? `back to ${lost.found}, seen after ${lost.afterMs} ms` : "nothing lost"),
              );
            }
            const bodies = await drain();
            const verdict = judge(bodies);
            note(`${verdict.acked} acked, ${verdict.lost} lost, ${verdict.duplicated} doubled`);
            const counted = await countedIn(join(gatewayFolder, "gateway.sock"));
            return {
              verdict,
              losses: checkDeclaredLosses(bodies),
              regressions: noticed(),
              counted,
            };
          } catch (thrown) {
            note(`the gateway: ${JSON.stringify(await gateway.status().catch(String))}`);
            note(`it said last: ${gateway.journal().slice(-1_000)}`);
            note(`the machine said last: ${machine.tail()}`);
            throw thrown;
          }
        });
      } finally {
        await machine.cut();
      }
    }),
  );
}

/** What the gateway counted. */
async function countedIn(socket: string): Promise<number> {
  const metrics = await readMetrics(socket);
  return Number(/^gateway_forward_regressions_total(?:\{.*\})? (\d+)/m.exec(metrics)?.[1] ?? 0);
}
