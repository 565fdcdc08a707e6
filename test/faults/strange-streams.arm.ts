/**
 * Streams that are not what they were: deleted, made anew by somebody, written by hand, restored
 * from an older copy, written by another gateway of the same name; and one that is gone together
 * with what is no longer held back.
 */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, headers, type NatsConnection } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { OwnNatsServer } from "../../src/nats-server/own-nats-server.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { checkDeclaredLosses } from "./declared-losses.ts";
import { isEvent } from "./is-event.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const stream = "GW_gw1";
const natsSubject = "ev.plant-a.gw1.load-1.measurement";
const kinds = ["deleted", "made anew", "written by hand", "restored"] as const;
type Kind = (typeof kinds)[number];
/** A writer that was silent for longer is taken for gone. */
const strangerQuietMs = 60_000;

export const strangeStreams: Arm = {
  goal: "R13",
  title: "streams deleted, made anew, foreign, restored",
  figures: { small: kinds.length, ci: 24, nightly: 200 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const boot = `streams-${Date.now()}`;
      const patient = figure > kinds.length;
      const disturbed = await disturb(join(folder, "disturbed"), boot, figure, patient, note);
      note("the stream is deleted together with what is held back");
      const gone = await deleteForGood(join(folder, "gone"), boot);
      note("control: a gateway that goes on behind what was acknowledged to it");
      const control = await disturb(join(folder, "control"), boot, 1, false, note, "no-reconcile");
      const { lost, verdict } = gone;
      return {
        runs: figure + 1 + (patient ? 1 : 0),
        ...sumCounts([disturbed, verdict]),
        declaredLost: lost.faults.length === 0 ? verdict.lost : 0,
        control: controlOf(control.lost),
        ok: disturbed.ok && verdict.lost > 0 && lost.faults.length === 0,
        notes: [
          ...disturbed.examples,
          ...lost.faults,
          `${lost.missing} records gone with the stream, ${lost.declared} declared`,
          `another gateway of the name: ${patient ? "blocked, kept storing, taken over" : "not in this figure"}`,
          `going on behind what was acknowledged lost ${control.lost} of ${control.acked}`,
        ],
      };
    }),
};

/** Disturbs the stream under load, `rounds` times, each kind in turn. */
function disturb(
  folder: string,
  boot: string,
  rounds: number,
  stranger: boolean,
  note: (text: string) => void,
  fault?: Fault,
): Promise<LedgerVerdict> {
  const options = { folder, boot, fault };
  return inTrial(options, async (trial) => {
    const { drain, gateway, judge, load, startBackbone, untilSent } = trial;
    let server = await startBackbone();
    await gateway.start();
    const devices = load({ connections: 4, ratePerSecond: 1_000 });
    await untilSent(200);
    for (let round = 0; round < rounds; round += 1) {
      const kind = kinds[round % kinds.length] ?? "deleted";
      server = await disturbOnce(kind, trial, server, join(folder, "nats", "jetstream"));
      await untilSent(200);
    }
    if (stranger) {
      note("another gateway of the same name writes; that takes a minute");
      await meetStranger(trial, server);
    }
    await devices.stop();
    return judge((await drain()).filter(isEvent));
  });
}

async function disturbOnce(
  kind: Kind,
  trial: Trial,
  server: OwnNatsServer,
  store: string,
): Promise<OwnNatsServer> {
  const { gateway, startBackbone, untilSent } = trial;
  if (kind === "restored") {
    await server.stop();
    await cp(store, `${store}.copy`, { recursive: true });
    const later = await startBackbone();
    await untilSent(500);
    await later.kill();
    await rm(store, { recursive: true });
    await cp(`${store}.copy`, store, { recursive: true });
    await rm(`${store}.copy`, { recursive: true });
    return startBackbone();
  }
  const connection = await connect({ servers: server.url, reconnect: false });
  try {
    const { streams } = await jetstreamManager(connection);
    if (kind === "written by hand") {
      // While the gateway is away; what a stranger does in full flow costs an event its place.
      await gateway.kill();
      for (let i = 0; i < 5; i += 1) await publishAs(connection, undefined);
      await gateway.start();
      return server;
    }
    const { config } = await streams.info(stream);
    if (kind === "made anew") await gateway.kill();
    await streams.delete(stream);
    if (kind === "made anew") {
      await streams.add(config);
      for (let i = 0; i < 5; i += 1) await publishAs(connection, undefined);
      await gateway.start();
    }
    return server;
  } finally {
    await connection.close();
  }
}

/** A message of a run that this gateway never had: it waits, keeps what comes, and is told to go on. */
async function meetStranger({ gateway, reaches }: Trial, server: OwnNatsServer): Promise<void> {
  await gateway.kill();
  const connection = await connect({ servers: server.url, reconnect: false });
  try {
    await publishAs(connection, "gw1.stranger.1");
  } finally {
    await connection.close();
  }
  const writtenMs = systemClock.monotonicMs();
  await gateway.start();
  await reaches(["blocked"]);
  const blocked = await gateway.status();
  if (!blocked.link.reason?.includes("another gateway named gw1 is alive")) {
    throw new Error(`blocked because ${blocked.link.reason}`);
  }
  const durable = async (): Promise<number> => (await gateway.status()).buffer.durableSeq;
  const kept = blocked.buffer.durableSeq + 1_000;
  await waitWhileMoving(
    async () => (await durable()) > kept,
    durable,
    "it keeps what devices send",
  );
  await sleep(systemClock, strangerQuietMs + 1_000 - (systemClock.monotonicMs() - writtenMs));
  await gateway.kill();
  await gateway.start("--take-over");
  await reaches(["linked"]);
}

/** Nothing is held back: what the stream had is gone with it, and must be declared to the record. */
function deleteForGood(
  folder: string,
  boot: string,
): Promise<{ verdict: LedgerVerdict; lost: ReturnType<typeof checkDeclaredLosses> }> {
  const configuration =
    "buffer: { max_bytes: 1MiB, segment_bytes: 64KiB, hold_back: { time: 0s, max_bytes: 0 } }\n";
  return inTrial({ folder, boot, configuration }, async (trial) => {
    const { drain, gateway, judge, load, startBackbone, untilSent } = trial;
    const server = await startBackbone();
    await gateway.start();
    const devices = load({ connections: 4, ratePerSecond: 1_000 });
    const first = async (): Promise<number> => (await gateway.status()).buffer.firstSeq;
    await waitWhileMoving(
      async () => (await first()) > 500,
      first,
      "confirmed segments are deleted",
    );
    const connection = await connect({ servers: server.url, reconnect: false });
    try {
      await (await jetstreamManager(connection)).streams.delete(stream);
    } finally {
      await connection.close();
    }
    await untilSent(200);
    await devices.stop();
    const bodies = await drain();
    return { verdict: judge(bodies), lost: checkDeclaredLosses(bodies) };
  });
}

async function publishAs(connection: NatsConnection, id: string | undefined): Promise<void> {
  const carried = headers();
  if (id !== undefined) carried.set("Ce-Id", id);
  await connection.request(natsSubject, "by hand", { headers: carried, timeout: 5_000 });
}
