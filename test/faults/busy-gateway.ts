/** A real gateway with devices that number what they send, some of which wander over the limits of rules. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { type GatewayId, toGatewayId } from "../../src/core/ids.ts";
import { gatewayStream } from "../../src/core/subject.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { type Load, startLoad } from "../../src/simulate/load-generator.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { gatewayProgram } from "../support/gateway-program.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import { MqttDevice } from "../support/mqtt-device.ts";
import type { NatsCluster } from "../support/nats-cluster.ts";
import type { Fault } from "../support/planted-program.ts";
import { withShippedRules } from "../support/shipped-rules.ts";
import { waitWhileMoving } from "../support/wait-until.ts";

/** As a rule file has them; they come and go all the time. */
export const clusterRules = {
  version: 1,
  groups: [
    {
      name: "cluster",
      rules: [
        {
          alert: "Warm",
          select: { metric: "temperature" },
          condition: { threshold: { above: 5, deadband: 2 } },
          severity: "warning",
        },
        {
          alert: "Hot",
          select: { metric: "temperature" },
          condition: { threshold: { above: 20 } },
          for: "1s",
          severity: "critical",
        },
      ],
    },
  ],
};

export interface BusyGatewayOptions {
  readonly folder: string;
  readonly origin: { readonly site: string; readonly gateway: string };
  readonly servers: readonly string[];
  readonly boot: string;
  readonly fault?: Fault | undefined;
}

export interface BusyGateway {
  readonly gateway: GatewayId;
  /** Starts it and its devices. */
  start(): Promise<void>;
  untilSent(more: number): Promise<void>;
  /** They send nothing new; all they sent is acknowledged when it resolves. */
  stopDevices(): Promise<void>;
  /** Waits until the backbone has everything, and stops the gateway: the stream grows no more. */
  finish(): Promise<void>;
  /** Reads its whole stream; false when that went wrong midway. */
  read(cluster: NatsCluster): Promise<boolean>;
  /** What was read, against every PUBACK. */
  verdict(): LedgerVerdict;
  /** What was read. */
  stored(): readonly StoredEvent[];
  end(): Promise<void>;
}

const wanderers = 4;
const wanderEveryMs = 200;
const ratePerSecond = 200;
const patienceMs = 240_000;

export async function openBusyGateway(options: BusyGatewayOptions): Promise<BusyGateway> {
  const { boot, fault, folder, origin, servers } = options;
  const gateway = toGatewayId(origin.gateway);
  await mkdir(folder, { recursive: true });
  const program = await gatewayProgram({
    folder,
    natsUrl: "",
    origin,
    fault,
    backboneFields: { servers, replicas: 3 },
  });
  const ledger = openLedger(join(folder, "acks.ndjson"));
  const ending = new AbortController();
  let load: Load | undefined;
  let wandering: Promise<unknown> = Promise.resolve();
  let bodies: readonly Uint8Array[] = [];

  const wander = async (device: string): Promise<void> => {
    const random = createSeededRandom(`${boot} ${device}`);
    const client = new MqttDevice(program.mqttPort);
    await client.open({ clientId: device });
    let temperature = 5;
    for (let n = 1; !ending.signal.aborted; n += 1) {
      temperature = Math.min(30, Math.max(-20, temperature + Math.round(random() * 16 - 8)));
      const payload = JSON.stringify({ n, boot, temperature, door: false, compressor: true });
      await client.publish(`sim/freezer/${device}/telemetry`, payload);
      ledger.acked(device, n);
      await sleep(systemClock, wanderEveryMs, ending.signal);
    }
    client.socket.destroy();
  };
  return {
    gateway,
    async start() {
      await program.start();
      load = startLoad({
        url: program.mqttUrl,
        connections: 4,
        window: 20,
        payloadBytes: 150,
        ratePerSecond,
        boot,
        clock: systemClock,
        onAck: (device, n) => ledger.acked(device, n),
      });
      const names = Array.from({ length: wanderers }, (_, at) => `wander-${at}`);
      wandering = Promise.all(names.map(wander));
      // Whoever waits for something else hears of it at the end.
      wandering.catch(() => {});
    },
    async untilSent(more) {
      const sent = async (): Promise<number> => (await program.status()).link.sent;
      const before = await sent();
      const isSent = async (): Promise<boolean> => (await sent()) >= before + more;
      await waitWhileMoving(
        isSent,
        sent,
        `${origin.gateway} has sent ${more} more`,
        patienceMs,
        100,
      );
    },
    async stopDevices() {
      ending.abort();
      await load?.stop();
      await wandering;
    },
    async finish() {
      await program.drained(patienceMs);
      await program.stop();
    },
    async read(cluster) {
      const read: Uint8Array[] = [];
      try {
        await cluster.connected((connection) =>
          readWholeStream(connection, gatewayStream(gateway), ({ body }) => void read.push(body)),
        );
      } catch {
        return false;
      }
      bodies = read;
      return true;
    },
    verdict: () => ledger.compare(bodies),
    stored: () => eventsIn(bodies),
    async end() {
      ending.abort();
      await load?.stop(0);
      await program.kill();
      ledger.close();
    },
  };
}

/** What the rules find when each of the streams is read alone, from its first event to its last. */
export function judgeStored(gateways: readonly BusyGateway[]): readonly TransitionDraft[] {
  return gateways.flatMap((one) => {
    const engine = createRuleEngine(withShippedRules(clusterRules));
    return one.stored().flatMap((event) => [...engine.feed(event)]);
  });
}

function eventsIn(bodies: readonly Uint8Array[]): readonly StoredEvent[] {
  const decoder = new TextDecoder();
  return bodies.map((body) => {
    const event = decodeEvent(decoder.decode(body));
    if (isMalformed(event)) throw new Error(`not an event: ${event.malformed}`);
    return event;
  });
}
