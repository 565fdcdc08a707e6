import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect } from "../support/mqtt-device.ts";
import type { Fault } from "../support/planted-program.ts";
import {
  readSystemCalls,
  type SystemCall,
  straceCommand,
  straceMissing,
} from "../support/strace.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const missing = straceMissing();
if (missing !== undefined) console.warn(`PUBACK after fdatasync: not run: ${missing}`);

const device = "traced-freezer";

interface Acknowledged {
  /** The write that took the record to its segment. */
  readonly record: SystemCall;
  /** The sync of that segment that began when the record was written. */
  readonly sync: SystemCall | undefined;
  /** The write of the PUBACK to the socket of the device. */
  readonly puback: SystemCall;
}

/** One QoS 1 publish to the real gateway, as the kernel saw it. */
async function traceOnePublish(fault?: Fault): Promise<Acknowledged> {
  const folder = await tempFolder();
  const tracePath = join(folder, "trace");
  const calls = ["write", "writev", "pwrite64", "pwritev", "sendto", "fdatasync", "fsync"];
  const gateway = await gatewayProcess({
    folder,
    natsUrl: "nats://127.0.0.1:9",
    wrap: straceCommand(calls, tracePath, "-s", "100000"),
    fault,
  });
  await gateway.start();
  const client = await connect({ port: gateway.mqttPort, clientId: device });
  await client.publish(`sim/freezer/${device}/telemetry`, '{"n":1,"temperature":-18.5}', {
    messageId: 0x4217,
  });
  return waitUntil(() => findAcknowledged(readSystemCalls(tracePath)), "the trace has the PUBACK");
}

function findAcknowledged(calls: readonly SystemCall[]): Acknowledged | undefined {
  const record = calls.find(
    ({ args, name }) =>
      name.startsWith("pwrite") &&
      args.includes(".seg>") &&
      args.includes("io.sluicegate.measurement.v1"),
  );
  const puback = calls.find(
    ({ args }) => args.includes("<socket:") && bytesOf(args) === "@\\2B\\27",
  );
  if (!record || !puback) return undefined;
  const [segment = ""] = /^\d+<.*?>/.exec(record.args) ?? [];
  const sync = calls.find(
    ({ args, from, name, result }) =>
      /^f(data)?sync$/.test(name) && args === segment && from > record.to && result === "0",
  );
  return { record, sync, puback };
}

/** All bytes that a call writes, in the escapes of strace; writev names them piece by piece. */
function bytesOf(args: string): string {
  return [...args.matchAll(/"([^"]*)"/g)].map(([, bytes]) => bytes).join("");
}

describe.skipIf(missing !== undefined)("the PUBACK of a QoS 1 publish", () => {
  it("leaves after the record was written and the sync of its segment has returned", async () => {
    // No word in the environment changes that.
    vi.stubEnv("SLUICEGATE_FAULT", "no-sync");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { puback, record, sync } = await traceOnePublish();
    expect(sync?.from).toBeGreaterThan(record.to);
    expect(puback.from).toBeGreaterThan(sync?.to ?? Number.POSITIVE_INFINITY);
  });

  it("leaves without any sync where syncing does nothing, and the same look notices", async () => {
    const { puback, sync } = await traceOnePublish("no-sync");
    expect(puback.from > (sync?.to ?? Number.POSITIVE_INFINITY)).toBe(false);
  });
});
