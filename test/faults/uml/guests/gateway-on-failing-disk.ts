/**
 * In a guest: the real gateway under load on a disk that fails for a while, again and again. Prints
 * each PUBACK, `FAILING` and `HEALED`, and `ACKING <ms>` when devices hear again after that.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { systemClock } from "../../../../src/app/system-clock.ts";
import { sleep } from "../../../../src/core/clock.ts";
import { startLoad } from "../../../../src/simulate/load-generator.ts";
import { createSeededRandom } from "../../../../src/simulate/seeded-random.ts";
import { printAcks } from "./print-acks.ts";
import { mqttUrl, startGateway } from "./start-gateway.ts";
import { variable } from "./variable.ts";

const random = createSeededRandom(variable("seed"));
const sectors = readFileSync("/sys/block/ubda/size", "utf8").trim();

/** Changes what the device does; what it was told before is done first. */
function become(target: string): void {
  const run = (...words: string[]): void => {
    execFileSync("dmsetup", [...words, "--noudevsync", "failing"], { stdio: "ignore" });
  };
  run("load", "--table", `0 ${sectors} ${target}`);
  run("suspend", "--nolockfs", "--noflush");
  run("resume");
}

let heard: () => void = () => {};
const nextAck = (): Promise<void> =>
  new Promise((resolve) => {
    heard = resolve;
  });
const print = printAcks((device) => device);
startGateway();
startLoad({
  url: mqttUrl,
  connections: 4,
  window: 20,
  payloadBytes: 200,
  boot: variable("seed"),
  clock: systemClock,
  onAck: (device, n) => {
    print(device, n);
    heard();
  },
});
await nextAck();
for (let window = Number(variable("windows")); window > 0; window -= 1) {
  await sleep(systemClock, 300 + random() * 700);
  become("flakey /dev/ubda 0 0 600 1 error_writes");
  console.log("FAILING");
  await sleep(systemClock, 100 + random() * 900);
  become("linear /dev/ubda 0");
  console.log("HEALED");
  const healedMs = systemClock.monotonicMs();
  await nextAck();
  console.log(`ACKING ${Math.round(systemClock.monotonicMs() - healedMs)}`);
}
await sleep(systemClock, 300);
console.log("DONE");
