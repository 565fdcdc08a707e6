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
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { startLoad } from "../../src/simulate/load-generator.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { readMetrics } from "../../src/telemetry/status-client.ts";
import { type GatewayProgram, gatewayProgram } from "../support/gateway-program.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { readGatewayStream } from "./read-gateway-stream.ts";
import { makeFileSystem } from "./uml/disk-image.ts";
import { bootMachine, type Machine } from "./uml/machine.ts";
import { missingDevice, missingForMachine, missingRoot } from "./uml/missing.ts";
import { withTapNetwork } from "./uml/tap-network.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const guest = fileURLToPath(new URL("uml/guests/nats.sh", import.meta.url));
const diskBytes = 2 ** 30;
const eventsPerSecond = 1_000;
/** The backbone is looked at from its log: so many messages are there after a boot. */
const restored = /Restored ([\d,]+) messages for stream '.*GW_gw1'/;
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
    const { declaredLost, lostByServer, regressions, verdict } = outcome;
    const counted = regressions >= outcome.cutsWithLoss;
    const { acked, duplicated, lost, reordered } = verdict;
    return {
      ...{ runs: figure, acked, duplicated, lost, reordered, declaredLost },
      control: control.verdict.lost > 0 ? "harmed" : "unharmed",
      ok: verdict.ok && declaredLost === 0 && counted && lostByServer > 0,
      notes: [
        ...verdict.examples.slice(0, 5),
        `the server lost ${lostByServer} confirmed messages over ${outcome.cutsWithLoss} cuts; ` +
          `${regressions} regressions counted`,
        ...(lostByServer > 0 ? [] : ["the server lost nothing, so nothing was shown"]),
        `without hold-back ${control.verdict.lost} of ${control.verdict.acked} acked were lost, ` +
          `${control.declaredLost} declared`,
      ],
    };
  },
};

interface Outcome {
  readonly verdict: LedgerVerdict;
  readonly declaredLost: number;
  /** Messages that the server had confirmed and did not have after a cut. */
  readonly lostByServer: number;
  readonly cutsWithLoss: number;
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
      let held = 0;
      const boot = (keenKernel: boolean): Machine => {
        held = 0;
        return bootMachine({
          guest,
          folder,
          disks: [disk],
          tap: device,
          variables: {
            address: guestAddress,
            nats_server: findNatsServer(process.env).path,
            keen_kernel: keenKernel ? "yes" : "",
          },
          onLine: (line) => {
            const [, count] = restored.exec(line) ?? [];
            if (count !== undefined) held = Number(count.replaceAll(",", ""));
          },
        });
      };
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
        let lostByServer = 0;
        let cutsWithLoss = 0;
        try {
          await linked(gateway);
          for (let cut = 1; cut <= cuts; cut += 1) {
            // What was lost must have been noticed; every third cut comes while it is sent again.
            await waitUntil(
              async () => (await regressionsOf(socket)) >= cutsWithLoss,
              "the gateway notices what the backbone lost",
            );
            if (cut % 3 !== 0) await linked(gateway);
            await sleep(systemClock, 1_000 + random() * 4_000);
            await machine.cut();
            const confirmed = (await gateway.status()).buffer.confirmed?.streamSeq ?? 0;
            // Half of the time the kernel writes soon by itself: then a part is lost, and not all.
            machine = boot(cut % 2 === 1);
            await machine.line(ready);
            const lost = Math.max(0, confirmed - held);
            lostByServer += lost;
            if (lost > 0) cutsWithLoss += 1;
            note(`cut ${cut}: ${confirmed} messages confirmed, ${held} there after it`);
          }
        } finally {
          await load.stop(20_000);
        }
        await gateway.drained(120_000);
        const bodies = await readGatewayStream(natsUrl);
        const verdict = ledger.compare(bodies);
        const regressions = await regressionsOf(socket);
        note(`${verdict.acked} acked, ${verdict.lost} lost, ${verdict.duplicated} doubled`);
        return {
          verdict,
          declaredLost: declaredIn(bodies),
          lostByServer,
          cutsWithLoss,
          regressions,
        };
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

async function linked(gateway: GatewayProgram): Promise<void> {
  await waitUntil(
    async () => (await gateway.status()).link.kind === "linked",
    "the gateway has caught up",
    60_000,
  );
}

/** What the gateway counted. */
async function regressionsOf(socket: string): Promise<number> {
  const metrics = await readMetrics(socket);
  return Number(/^gateway_forward_regressions_total(?:\{.*\})? (\d+)/m.exec(metrics)?.[1] ?? 0);
}

/** How many events gap events declare lost. */
function declaredIn(bodies: readonly Uint8Array[]): number {
  const decoder = new TextDecoder();
  let declared = 0;
  for (const body of bodies) {
    const event = decodeEvent(decoder.decode(body));
    if (isMalformed(event) || event.kind !== "gap") continue;
    for (const { count } of event.data.ranges) declared += count;
  }
  return declared;
}
