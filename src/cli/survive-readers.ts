/** Readers of standard output and standard error that go away. */
import { GatewayError } from "../core/errors.ts";
import { systemReason } from "../core/system-reason.ts";
import { isRoleCommand } from "./exit-status.ts";

/** What a shell reports of a program that nobody reads any more: 128 + SIGPIPE. */
const nobodyReadsStatus = 141;

/**
 * Roles go on without their readers. Other commands end: quietly when nobody reads them, with
 * words when their output cannot be written, and in order where a SIGHUP ends them in order. What
 * standard error does not take is lost.
 */
export function surviveReaders(command: string | undefined): void {
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  if (!isRoleCommand(command)) process.stdout.once("error", end);
}

function end(error: NodeJS.ErrnoException): void {
  const isRead = error.code !== "EPIPE";
  const failure = new GatewayError(
    "output.unwritable",
    `cannot write to standard output: ${systemReason(error)}`,
  );
  if (isRead) process.stderr.write(`sluicegate: ${failure.message} (${failure.code})\n`);
  const inOrder = process.emit("SIGHUP", "SIGHUP");
  if (!inOrder) process.exit(isRead ? failure.commandStatus : nobodyReadsStatus);
}
