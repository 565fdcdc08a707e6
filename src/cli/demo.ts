/** `sluicegate demo`: the first minute, and a proof at its end. */

import { openBackboneFor } from "../app/open-backbone-for.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { type DemoEye, openDemoEye } from "../demo/demo-eye.ts";
import { openDemoFace } from "../demo/demo-face.ts";
import { createDemoLines } from "../demo/demo-lines.ts";
import { type DemoPlay, playScript } from "../demo/demo-script.ts";
import { openDemoStage } from "../demo/demo-stage.ts";
import { deviceSpecs } from "../simulate/device-specs.ts";
import { backboneOptions } from "../stream/options.ts";

export interface DemoOptions {
  readonly script?: boolean;
  readonly speed: string;
  readonly keep?: boolean;
}

/**
 * Plays the script; on a terminal without `--script` it is a screen, and stays up for keys. Exits 1 when
 * the proof fails.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const speed = speedOf(options.speed);
  const clock = systemClock;
  const interrupted = new AbortController();
  const interrupt = (): void => {
    // Whoever asks twice does not want to wait; what was started ends with this process.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
    stop().finally(() => process.exit(130));
  };
  // A terminal that is gone is told of more than once.
  const hangUp = (): void => {
    if (!interrupted.signal.aborted) interrupt();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  process.on("SIGHUP", hangUp);
  const { stdin, stdout } = process;
  const face = openDemoFace({
    ...{ stdin, stdout, clock, interrupt, hangUp, surroundings: process },
    isScript: options.script ?? false,
  });
  const { page } = face;
  page("sluicegate demo: devices → MQTT → gateway → (cable) → JetStream → alerts");
  const complain = (message: string): void => page(`       ! ${message}`);
  const opening = openDemoStage({
    devices: deviceSpecs(12, 500),
    speed,
    keep: options.keep ?? false,
    clock,
    logger: { debug() {}, info() {}, warn: complain, error: complain },
  });
  let eye: DemoEye | undefined;
  const stop = async (): Promise<void> => {
    await face.close();
    await eye?.close();
    await (await opening).close();
  };
  try {
    const stage = await opening;
    if (interrupted.signal.aborted) return;
    const { url } = stage.server;
    const backbone = openBackboneFor(backboneOptions.parse({ servers: [url] }), "sluicegate-demo");
    eye = openDemoEye(backbone, url, clock);
    const startedMs = clock.wallMs();
    const lines = createDemoLines({ startedMs, speed, nowMs: () => clock.wallMs(), page });
    const where = options.keep ? stage.folder : "a temporary folder";
    lines.page(`data  ${where}      speed  ${speed}x      stop  Ctrl-C\n`);
    const link = await stage.consoleLink();
    if (link !== undefined) lines.page(`console  ${link}`);
    const ownPage = await stage.gatewayLink();
    if (ownPage !== undefined)
      lines.page(`gateway  ${ownPage}  (its own page: live data, buffer)\n`);
    lines.say(
      `✓ backbone up (nats-server ${stage.server.version})   ✓ gateway up   ✓ ${stage.fleet.totals().devices} devices`,
    );
    const play: DemoPlay = { stage, eye, lines, clock, speed, startedMs, console: link };
    face.begin(play);
    const faults = await playScript(play);
    await face.handOver(play);
    face.prove();
    process.exitCode = (await prove(play, faults)) ? 0 : 1;
  } catch (thrown) {
    if (!interrupted.signal.aborted) throw thrown;
  } finally {
    if (!interrupted.signal.aborted) await stop();
  }
}

/** Lets everything drain, counts, and prints the proof line. */
async function prove({ eye, lines, stage }: DemoPlay, faults: readonly string[]): Promise<boolean> {
  stage.cable.plug();
  await stage.fleet.stop();
  await stage.statusWhere(
    ({ buffer, link }) => link.kind === "linked" && buffer.waitingRecords === 0,
    60_000,
  );
  const verdict = await eye.proof(stage.fleet);
  const { duplicated, lost, reordered, sent, stored } = verdict;
  const count = (value: number): string => value.toLocaleString("en-US");
  lines.page("");
  lines.page(
    `proof   sent by devices ${count(sent)}   stored in JetStream ${count(stored)}   lost ${count(lost)}   duplicates ${count(duplicated)}   out of order per device ${count(reordered)}`,
  );
  lines.page("        (counted by the devices' own numbers, from the whole stream)");
  for (const example of verdict.examples) lines.page(`        ✗ ${example}`);
  for (const fault of faults) lines.page(`        ✗ ${fault}`);
  return verdict.exact && sent > 0 && faults.length === 0;
}

/** Faster than five times, the second that devices need to connect again looks like silence. */
const fastest = 5;
const slowest = 0.5;

function speedOf(text: string): number {
  const speed = /^\d{1,3}(\.\d{1,3})?x?$/i.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (speed >= slowest && speed <= fastest) return speed;
  const why =
    speed > fastest
      ? "devices need a second to connect again, which would look like silence"
      : "that is no speed";
  throw new GatewayError(
    "usage",
    `--speed ${text}: ${why}; write ${slowest}x to ${fastest}x, such as 4x`,
  );
}
