/** `sluicegate status`: is it linked, what is waiting, what fires? */

import { roleNames } from "../app/roles.ts";
import { statusSocketsOf } from "../config/status-socket.ts";
import { printable } from "../core/printable.ts";
import { readRolesStatus } from "../telemetry/read-roles-status.ts";
import { durationFlag } from "./flag-values.ts";
import { answerText } from "./print-answer.ts";
import { type RemoteOptions, remoteOf } from "./remote.ts";
import { socketPlaceOf } from "./site.ts";
import { describeRoles, type RolesStatus } from "./status-text.ts";
import { type WaitGoal, waitFor } from "./status-wait.ts";

export interface StatusOptions extends RemoteOptions {
  readonly config: string;
  readonly output: "text" | "json";
  readonly wait?: WaitGoal;
  readonly timeout?: string;
}

const notInTime = 7;
const interrupted = 130;
const usualTimeoutMs = 300_000;

/** Prints how the running roles are, whatever processes they are in; exit 3 when none answers. */
export async function runStatus(options: StatusOptions): Promise<void> {
  const remote = await remoteOf(options);
  if (remote) return (await import("./remote-status.ts")).showRemoteStatus(remote, options);
  if (options.wait !== undefined && !(await isReached(options.wait, options))) return;
  const status = await ask(options);
  if (options.output === "json") {
    process.stdout.write(`${answerText("status/1", status)}\n`);
  } else process.stdout.write(describeRoles(status, Date.now()));
}

/** Waits; where it is not so far in time, says why, and sets the exit status. */
async function isReached(goal: WaitGoal, options: StatusOptions): Promise<boolean> {
  const timeoutMs = durationFlag("--timeout", options.timeout) ?? usualTimeoutMs;
  const ending = new AbortController();
  const interrupt = (): void => ending.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const { signal } = ending;
  const why = await waitFor({ goal, timeoutMs, signal, ask: () => ask(options) });
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
  if (why === undefined) return true;
  process.stderr.write(`${printable(`not ${goal}: ${why}`)}\n`);
  process.exitCode = signal.aborted ? interrupted : notInTime;
  return false;
}

/** The answers are our own, so their names vouch for their shape. */
async function ask({ config, socket }: StatusOptions): Promise<RolesStatus> {
  if (socket !== undefined) return readRolesStatus([socket]);
  const place = await socketPlaceOf(config);
  return readRolesStatus(statusSocketsOf(place, roleNames));
}
