/**
 * Imported into a process of the program: at its end it writes the longest time for which nothing else
 * had its turn since the last SIGUSR2. `longestBlockIn` reads that.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on("SIGUSR2", () => delay.reset());
process.on("exit", () => {
  process.stdout.write(`\n{"longestBlockMs":${delay.max / 1e6}}\n`);
});
