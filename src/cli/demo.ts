/** `sluicegate demo`: the first minute, and a proof at its end. */

import { openDemoEye } from "../app/demo/demo-eye.ts";
import { playKeys } from "../app/demo/demo-keys.ts";
import { createDemoLines } from "../app/demo/demo-lines.ts";
import { type DemoPlay, playScript } from "../app/demo/demo-script.ts";
import { openDemoStage } from "../app/demo/demo-stage.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { deviceSpecs } from "../simulate/device-specs.ts";

export interface DemoOptions {
  readonly script?: boolean;
  readonly speed: string;
  readonly keep?: boolean;
}

/** Plays the script; on a terminal without `--script` it stays up for keys. Exits 1 when the proof fails. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const speed = speedOf(options.speed);
  const write = (text: string): void => void process.stdout.write(text);
  write(
    "sluicegate demo: 12 simulated devices → MQTT → gateway → (cable) → NATS JetStream → rules → alerts\n",
  );

  const clock = systemClock;
  const interrupted = new AbortController();
  const stage = await openDemoStage({
    devices: deviceSpecs(12, 500),
    speed,
    keep: options.keep ?? false,
    clock,
  });
  const eye = openDemoEye(stage.server.url, clock);
  const stop = async (): Promise<void> => {
    await eye.close();
    await stage.close();
  };
  const interrupt = (): void => {
    interrupted.abort();
    stop().finally(() => process.exit(130));
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const startedMs = clock.wallMs();
    const lines = createDemoLines({ startedMs, speed, nowMs: () => clock.wallMs(), write });
    const where = options.keep ? stage.folder : "a temporary folder";
    lines.page(`data  ${where}      speed  ${speed}x      stop  Ctrl-C\n`);
    lines.say(
      `✓ backbone up (nats-server ${stage.server.version})   ✓ gateway up   ✓ ${stage.fleet.totals().devices} devices`,
    );
    const play: DemoPlay = { stage, eye, lines, clock, speed, startedMs };
    const faults = await playScript(play);
    if (!options.script && process.stdin.isTTY) await playKeys(play);
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
  lines.page(
    "        (counted by the devices' own numbers from the whole stream, not by the gateway's counters)",
  );
  for (const example of verdict.examples) lines.page(`        ✗ ${example}`);
  for (const fault of faults) lines.page(`        ✗ ${fault}`);
  return verdict.exact && sent > 0 && faults.length === 0;
}

function speedOf(text: string): number {
  const speed = Number(text.replace(/x$/, ""));
  if (speed >= 0.5 && speed <= 10) return speed;
  throw new GatewayError("usage", `--speed ${text}: write a number from 0.5 to 10, such as 4x`);
}
