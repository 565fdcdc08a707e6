/**
 * Says a million damaged messages to every profile and codec, half of them to codecs; ends with 1 when one of them throws,
 * gives an event that does not travel, or touches a prototype.
 *
 *     npm run fuzz -- [--count N] [--seed TEXT]
 */
import { parseArgs } from "node:util";
import { fuzzMessages } from "./fuzz-messages.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: new Date().toISOString() },
  },
});
process.stdout.write(`fuzz of ${values.count} messages, --seed ${values.seed}\n`);
const startedMs = performance.now();
const report = fuzzMessages(values.seed, Number(values.count));
const seconds = Math.round((performance.now() - startedMs) / 1_000);
for (const fault of report.faults) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(
  `${report.messages} messages, ${report.events} events in ${seconds} s: ` +
    `${JSON.stringify(report.kinds)}; ${report.faults.length} faults\n` +
    "Those that took the processor longest:\n",
);
for (const { payload, profiles, tookMs, topic } of report.slowest) {
  const shown = Buffer.from(payload.subarray(0, 120)).toString("latin1");
  process.stdout.write(
    `${tookMs.toFixed(1).padStart(8)} ms  ${profiles.join(", ") || "passed over"}, ` +
      `${payload.length} bytes on ${JSON.stringify(topic.slice(0, 80))}: ${JSON.stringify(shown)}\n`,
  );
}
process.exitCode = report.faults.length === 0 ? 0 : 1;
