#!/usr/bin/env node
/** The command line: from what was typed to an exit status. */
import { CommanderError } from "commander";
import { GatewayError } from "../core/errors.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { printable } from "../core/printable.ts";
import { exitStatusOf } from "./exit-status.ts";
import { takeNoColor } from "./no-color.ts";
import { programFor } from "./program-for.ts";
import { surviveReaders } from "./survive-readers.ts";

const typed = takeNoColor(process.argv.slice(2), process.env);
surviveReaders(typed[0]);
try {
  const program = await programFor(typed[0]);
  await program.parseAsync(typed, { from: "user" });
} catch (thrown) {
  process.exit(sayFailure(thrown));
}

/** Says what went wrong, once, and gives the exit status for it. */
function sayFailure(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const failure = GatewayError.from(thrown, "internal.bug", "sluicegate failed");
  process.stderr.write(
    `sluicegate: ${printable(maskAddress(failure.message))} (${failure.code})\n`,
  );
  if (failure.code === "internal.bug")
    process.stderr.write("for a report: sluicegate support-bundle, and what is below\n");
  if (failure.code === "internal.bug" && thrown instanceof Error)
    process.stderr.write(`${thrown.stack?.split("\n").map(printable).join("\n")}\n`);
  return exitStatusOf(failure, typed[0]);
}
