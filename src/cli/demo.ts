/** `sluicegate demo`: the first minute, and a proof at its end. */

import { openBackboneFor } from "../app/open-backbone-for.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { openDemoEye } from "../demo/demo-eye.ts";
import { openDemoKeys } from "../demo/demo-keys.ts";
import { createDemoLines } from "../demo/demo-lines.ts";
import { type DemoPlay, playScript } from "../demo/demo-script.ts";
import { openDemoStage } from "../demo/demo-stage.ts";
import { foldLine } from "../demo/fold-line.ts";
import { deviceSpecs } from "../simulate/device-specs.ts";
import { backboneOptions } from "../stream/options.ts";

export interface DemoOptions {
  readonly script?: boolean;
  readonly speed: string;
  readonly keep?: boolean;
}

/** Plays the script; on a terminal without `--script` it stays up for keys. Exits 1 when the proof fails. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const speed = speedOf(options.speed);
  const write = (text: string): void => void process.stdout.write(text);
  const clock = systemClock;
  const columns = (): number | undefined =>
    process.stdout.isTTY ? process.stdout.columns : undefined;
  const page = (line: string): void => write(`${foldLine(line, columns())}\n`);
  page("sluicegate demo: devices → MQTT → gateway → (cable) → JetStream → alerts");

  const interrupted = new AbortController();
  const complain = (message: string): void => page(`       ! ${message}`);
  const stage = await openDemoStage({
    devices: deviceSpecs(12, 500),
    speed,
    keep: options.keep ?? false,
    clock,
    logger: { debug() {}, info() {}, warn: complain, error: complain },
  });
  const { url } = stage.server;
  const backbone = openBackboneFor(backboneOptions.parse({ servers: [url] }), "sluicegate-demo");
  const eye = openDemoEye(backbone, url, clock);
  const stop = async (): Promise<void> => {
    keys?.close();
    await eye.close();
    await stage.close();
  };
  const interrupt = (): void => {
    // Whoever asks twice does not want to wait; what was started ends with this process.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
    stop().finally(() => process.exit(130));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  const keys =
    !options.script && process.stdin.isTTY ? openDemoKeys(process.stdin, interrupt) : undefined;
  try {
    const startedMs = clock.wallMs();
    const lines = createDemoLines({ startedMs, speed, nowMs: () => clock.wallMs(), page });
    const where = options.keep ? stage.folder : "a temporary folder";
    lines.page(`data  ${where}      speed  ${speed}x      stop  Ctrl-C\n`);
    lines.say(
      `✓ backbone up (nats-server ${stage.server.version})   ✓ gateway up   ✓ ${stage.fleet.totals().devices} devices`,
    );
    const play: DemoPlay = { stage, eye, lines, clock, speed, startedMs };
    const faults = await playScript(play);
    await keys?.play(play);
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
