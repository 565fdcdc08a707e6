/** `sluicegate sim`: simulated devices as real MQTT clients. */

import { randomBytes } from "node:crypto";
import { untilSignal } from "../app/signals.ts";
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { deviceSpecs } from "../simulate/device-specs.ts";
import { createFleet } from "../simulate/fleet.ts";
import { durationFlag } from "./flag-values.ts";

export interface SimOptions {
  readonly url: string;
  readonly devices: string;
  readonly every: string;
  readonly seed: string;
  readonly for?: string;
}

/** Runs the devices, drains them, and says what they sent. */
export async function runSim(options: SimOptions): Promise<void> {
  const count = Number(options.devices);
  if (!Number.isInteger(count) || count < 1 || count > 10_000) {
    throw new GatewayError("usage", `--devices ${options.devices}: write a number from 1 to 10000`);
  }
  const everyMs = durationFlag("--every", options.every);
  const fleet = createFleet({
    devices: deviceSpecs(count, everyMs),
    url: options.url,
    seed: options.seed,
    boot: randomBytes(4).toString("hex"),
    clock: systemClock,
  });
  fleet.start();
  process.stderr.write(
    `${counted(count, "device")} on ${maskAddress(options.url)}, each every ${options.every}\n`,
  );
  const stop = untilSignal();
  if (options.for === undefined) await stop;
  else await Promise.race([stop, sleep(systemClock, durationFlag("--for", options.for))]);
  // Nothing drains without a connection, so none is waited for.
  await fleet.stop(fleet.totals().connected === 0 ? 0 : undefined);
  const { acked, made, resent, waiting } = fleet.totals();
  const trouble = fleet.reports().find((report) => report.waiting > 0 && report.trouble)?.trouble;
  if (trouble !== undefined) process.stderr.write(`sluicegate: not all was sent: ${trouble}\n`);
  process.stdout.write(
    `made ${made}  acknowledged ${acked}  sent again ${resent}  waiting ${waiting}\n`,
  );
  process.exitCode = waiting === 0 ? 0 : 1;
}
