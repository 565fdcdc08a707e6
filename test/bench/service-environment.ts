/** What the unit of systemd gives the program, so that what is measured is what runs. */
import { readFileSync } from "node:fs";

const unit = new URL("../../deploy/systemd/sluicegate.service", import.meta.url);
const names = ["NODE_OPTIONS", "MALLOC_ARENA_MAX"];

/** Settings of memory, by name. */
export function serviceEnvironment(): Readonly<Record<string, string>> {
  const text = readFileSync(unit, "utf8");
  const lines = text.split("\n").filter((line) => line.startsWith("Environment="));
  const pairs = lines.flatMap((line) => line.slice("Environment=".length).split(" "));
  return Object.fromEntries(
    pairs
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const)
      .filter(([name]) => names.includes(name)),
  );
}
