/** How long a command takes from its call to its end, as people and scripts feel it. */
import { spawnSync } from "node:child_process";
import { execPath } from "node:process";
import { freePort } from "../../src/demo/free-port.ts";
import { gatewayProgram, program } from "../support/gateway-program.ts";
import { type FigureGroup, formatMs } from "./figures.ts";
import type { Workshop } from "./workshop.ts";

const calls = 20;

/** The median of some calls of each; `status` asks a gateway that runs. */
export async function measureCli(workshop: Workshop): Promise<FigureGroup> {
  const folder = await workshop.place();
  const natsUrl = `nats://127.0.0.1:${await freePort()}`;
  const gateway = await gatewayProgram({ folder, natsUrl });
  await gateway.start();
  try {
    const config = ["--config", gateway.configPath];
    const medianOf = (...args: readonly string[]): string => formatMs(median(folder, args));
    return {
      title: `A command from its call to its end, median of ${calls}`,
      figures: [
        { what: "node alone", measured: formatMs(median(folder, [], "")) },
        { what: "--version", measured: medianOf("--version"), goal: "150 ms" },
        { what: "status of a gateway", measured: medianOf("status", ...config), goal: "300 ms" },
        { what: "complete, static", measured: medianOf("complete", "--", "buffer", "sh") },
        {
          what: "complete, names of devices",
          measured: medianOf("complete", "--", "devices", "show", ...config, ""),
        },
        { what: "explain", measured: medianOf("explain", "buffer.full") },
      ],
    };
  } finally {
    await gateway.kill();
  }
}

function median(cwd: string, args: readonly string[], file = program): number {
  const words = file === "" ? ["--eval", ""] : [file, ...args];
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const startedMs = performance.now();
    spawnSync(execPath, words, { cwd, stdio: "ignore" });
    times.push(performance.now() - startedMs);
  }
  return times.sort((one, other) => one - other)[calls / 2] ?? 0;
}
