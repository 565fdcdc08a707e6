/**
 * What most arms play on: a real gateway, a backbone at a fixed port that may come later, load with
 * numbers, and the ledger that judges both. Everything is gone when the work is over.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import type { ForwardKind } from "../../src/forward/forward-status.ts";
import {
  type OwnNatsServer,
  type OwnNatsServerOptions,
  startNatsServer,
} from "../../src/nats-server/own-nats-server.ts";
import { type Load, type LoadOptions, startLoad } from "../../src/simulate/load-generator.ts";
import {
  type GatewayProgram,
  type GatewayProgramOptions,
  gatewayProgram,
} from "../support/gateway-program.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";

export interface Trial {
  readonly gateway: GatewayProgram;
  /** Starts the backbone, where the gateway looks for it. */
  startBackbone(): Promise<OwnNatsServer>;
  /** SIGKILL. */
  killBackbone(): Promise<void>;
  /** Load whose PUBACKs are noted. */
  load(options: Partial<LoadOptions>): Load;
  /** Waits until forwarding has come to one of the states; only states since a moment count. */
  reaches(kinds: readonly ForwardKind[], sinceMs?: number): Promise<void>;
  /** Waits until the backbone has confirmed so many more. */
  untilSent(count: number): Promise<void>;
  /**
   * Waits until the backbone has everything; gives the bodies of the whole stream. Rejects when
   * nothing moved for `stillMs`.
   */
  drain(stillMs?: number): Promise<readonly Uint8Array[]>;
  /** The bodies of the whole stream as it is. */
  streamNow(): Promise<readonly Uint8Array[]>;
  /** Every PUBACK so far against the bodies of the stream. */
  judge(bodies: Iterable<Uint8Array>): LedgerVerdict;
}

export type TrialOptions = Omit<GatewayProgramOptions, "natsUrl"> & {
  /** Goes into every event of the load. */
  readonly boot: string;
  /** The backbone that the caller runs. Default: one of the trial's own. */
  readonly natsUrl?: string;
  /** Where the backbone is, and what is special about it. Default: on loopback, nothing. */
  readonly backbone?: Partial<OwnNatsServerOptions> & { readonly host: string };
};

/** Runs `work`; nothing is started before it asks. */
export async function inTrial<T>(
  options: TrialOptions,
  work: (trial: Trial) => Promise<T>,
): Promise<T> {
  const { boot, folder } = options;
  await mkdir(folder, { recursive: true });
  const natsPort = await freePort();
  const natsUrl = options.natsUrl ?? `nats://${options.backbone?.host ?? "127.0.0.1"}:${natsPort}`;
  const gateway = await gatewayProgram({ ...options, natsUrl });
  const ledger = openLedger(join(folder, "acks.ndjson"));
  const loads: Load[] = [];
  let server: OwnNatsServer | undefined;
  const trial: Trial = {
    gateway,
    async startBackbone() {
      server = await startNatsServer({
        folder: join(folder, "nats"),
        port: natsPort,
        ...options.backbone,
      });
      return server;
    },
    async killBackbone() {
      await server?.kill();
    },
    load(more) {
      const load = startLoad({
        url: gateway.mqttUrl,
        connections: 8,
        window: 50,
        payloadBytes: 200,
        boot,
        clock: systemClock,
        onAck: (device, n) => ledger.acked(device, n),
        ...more,
      });
      loads.push(load);
      return load;
    },
    reaches: (kinds, sinceMs = 0) =>
      waitWhileMoving(
        async () => {
          const { kind, since } = (await gateway.status()).link;
          return since >= sinceMs && kinds.includes(kind);
        },
        async () => (await gateway.status()).link.sent,
        `forwarding is ${kinds.join(" or ")}`,
      ),
    async untilSent(count) {
      const sent = async (): Promise<number> => (await gateway.status()).link.sent;
      const before = await sent();
      await waitWhileMoving(
        async () => (await sent()) >= before + count,
        sent,
        `${count} more are sent`,
      );
    },
    async drain(stillMs) {
      if (!server && options.natsUrl === undefined) await trial.startBackbone();
      await gateway.drained(stillMs);
      return trial.streamNow();
    },
    streamNow: () => readGatewayStream(natsUrl),
    judge: (bodies) => ledger.compare(bodies),
  };
  try {
    return await work(trial);
  } finally {
    for (const load of loads) await load.stop(0);
    await gateway.kill();
    await server?.kill();
    ledger.close();
  }
}

/** Waits until a figure has stood still for `quietMs`; gives when it moved last, monotonic. */
export async function untilStill(figure: () => number, quietMs: number): Promise<number> {
  let last = figure();
  let sinceMs = systemClock.monotonicMs();
  await waitUntil(() => {
    const now = figure();
    if (now !== last) {
      last = now;
      sinceMs = systemClock.monotonicMs();
    }
    return systemClock.monotonicMs() - sinceMs >= quietMs;
  }, "it stands still");
  return sinceMs;
}
