/**
 * Power cuts of a nats-server with its defaults, which acknowledges before it syncs: the gateway
 * sends again what the server lost, and the stream is complete.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNatsServer } from "../../src/app/nats-server-program.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { startLoad } from "../../src/simulate/load-generator.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { readMetrics } from "../../src/telemetry/status-client.ts";
import { type GatewayProgram, gatewayProgram } from "../support/gateway-program.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { checkDeclaredLosses, type DeclaredLosses } from "./declared-losses.ts";
import { readGatewayStream } from "./read-gateway-stream.ts";
import { makeFileSystem } from "./uml/disk-image.ts";
import { bootMachine, type Machine } from "./uml/machine.ts";
import { missingDevice, missingForMachine, missingRoot } from "./uml/missing.ts";
import { withTapNetwork } from "./uml/tap-network.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const guest = fileURLToPath(new URL("uml/guests/nats.sh", import.meta.url));
const diskBytes = 2 ** 30;
/** Few enough that a busy machine still catches up between two cuts. */
const eventsPerSecond = 400;
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
    const outcome = await cutBackbone(figure, seed, note);
    note("control: a gateway that keeps nothing for sending again");
    const control = await cutBackbone(1, seed, note, withoutHoldBack);
    const { losses, lostByServer, regressions, verdict } = outcome;
    const { acked, duplicated, lost, reordered } = verdict;
    return {
      ...{ runs: figure, acked, duplicated, lost, reordered, declaredLost: losses.declared },
      control: control.verdict.lost > 0 ? "harmed" : "unharmed",
      ok:
        verdict.ok &&
        losses.missing === 0 &&
        losses.declared === 0 &&
        control.losses.faults.length === 0 &&
        regressions > 0 &&
        lostByServer > 0,
      notes: [
        ...verdict.examples.slice(0, 5),
        // What cannot be sent again must be declared, to the record.
        ...control.losses.faults.slice(0, 5).map((fault) => `without hold-back: ${fault}`),
        `the server lost ${lostByServer} confirmed events; ${regressions} regressions counted`,
        ...(lostByServer > 0 ? [] : ["the server lost nothing, so nothing was shown"]),
        `without hold-back ${control.verdict.lost} of ${control.verdict.acked} acked were lost, ` +
          `${control.losses.declared} events declared`,
      ],
    };
  },
};

interface Outcome {
  readonly verdict: LedgerVerdict;
  readonly losses: DeclaredLosses;
  /** Events that the server had confirmed and did not have after a cut, as the gateway says. */
  readonly lostByServer: number;
  readonly regressions: number;
}

/** A gateway under load here, its backbone in a machine whose power is cut again and again. */
function cutBackbone(
  cuts: number,
  seed: string,
  note: (text: string) => void,
  configuration?: string,
): Promise<Outcome> {
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
          },
        });
      const natsUrl = `nats://${guestAddress}:4222`;
      const gatewayFolder = join(folder, "gateway");
      await mkdir(gatewayFolder);
      const gateway = await gatewayProgram({
        folder: gatewayFolder,
        natsUrl,
        ...(configuration !== undefined && { configuration }),
      });
      const socket = join(gatewayFolder, "gateway.sock");
      const ledger = openLedger(join(folder, "acks.ndjson"));
      let machine = boot(false);
      try {
        await machine.line(ready);
        await gateway.start();
        const load = startLoad({
          url: gateway.mqttUrl,
          connections: 8,
          window: 50,
          payloadBytes: 200,
          ratePerSecond: eventsPerSecond,
          boot: seed,
          clock: systemClock,
          onAck: (name, n) => ledger.acked(name, n),
        });
        try {
          await reachesKind(gateway, ["linked"], 0);
          for (let cut = 1; cut <= cuts; cut += 1) {
            await sleep(systemClock, 500 + random() * 4_500);
            await machine.cut();
            const noticed = lossesNoticed(gateway).length;
            const cutAtMs = systemClock.wallMs();
            const { confirmed, lastSeq } = (await gateway.status()).buffer;
            // Half of the time the kernel writes soon by itself: then a part is lost, and not all.
            machine = boot(cut % 2 === 1);
            await machine.line(ready);
            // Now and then the next cut comes while what was lost is sent again.
            const kinds = cut % 3 === 0 ? ["draining", "linked"] : ["linked"];
            await reachesKind(gateway, kinds, cutAtMs);
            const [lost = 0] = lossesNoticed(gateway).slice(noticed);
            note(
              `cut ${cut} at ${confirmed?.seq ?? 0} of ${lastSeq} confirmed: ${lost} sent again`,
            );
          }
        } finally {
          await load.stop(20_000);
        }
        await gateway.drained(120_000);
        const bodies = await readGatewayStream(natsUrl);
        const verdict = ledger.compare(bodies);
        const regressions = await regressionsOf(socket);
        note(`${verdict.acked} acked, ${verdict.lost} lost, ${verdict.duplicated} doubled`);
        const lostByServer = lossesNoticed(gateway).reduce((sum, lost) => sum + lost, 0);
        return { verdict, losses: checkDeclaredLosses(bodies), lostByServer, regressions };
      } catch (thrown) {
        note(`the gateway: ${JSON.stringify(await gateway.status().catch(String))}`);
        note(`it said last: ${gateway.journal().slice(-1_000)}`);
        note(`the machine said last: ${machine.tail()}`);
        throw thrown;
      } finally {
        ledger.close();
        await gateway.kill();
        await machine.cut();
      }
    }),
  );
}

/** Waits until the forwarder has come to one of the kinds after a moment. */
async function reachesKind(
  gateway: GatewayProgram,
  kinds: readonly string[],
  afterMs: number,
): Promise<void> {
  await waitUntil(
    async () => {
      const { kind, since } = (await gateway.status()).link;
      return since >= afterMs && kinds.includes(kind);
    },
    `forwarding is ${kinds.join(" or ")}`,
    120_000,
  );
}

/** How many confirmed events the backbone was found without, each time. */
function lossesNoticed(gateway: GatewayProgram): number[] {
  const lines = gateway.journal().matchAll(/"confirmed":(\d+),"found":(\d+)/g);
  return [...lines].map(([, confirmed, found]) => Number(confirmed) - Number(found));
}

/** What the gateway counted. */
async function regressionsOf(socket: string): Promise<number> {
  const metrics = await readMetrics(socket);
  return Number(/^gateway_forward_regressions_total(?:\{.*\})? (\d+)/m.exec(metrics)?.[1] ?? 0);
}
