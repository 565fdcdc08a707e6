/** `sluicegate reload`: profiles, devices and rules of the running processes as their files are now. */
import { roleNames } from "../app/roles.ts";
import { statusSocketsOf } from "../config/status-socket.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { askRole } from "../telemetry/status-client.ts";
import { socketPlaceOf } from "./site.ts";

export interface ReloadOptions {
  readonly config: string;
  readonly socket?: string;
}

/**
 * Asks every process of the configuration and prints what became of it; exit 78 where the files have
 * faults, and everything goes on as it was.
 */
export async function runReload({ config, socket }: ReloadOptions): Promise<void> {
  const sockets =
    socket === undefined ? statusSocketsOf(await socketPlaceOf(config), roleNames) : [socket];
  const answers = await askAll(sockets);
  const refused = answers.find((answer) => answer["outcome"] !== "reloaded");
  if (!refused) {
    process.stdout.write("profiles, devices and rules are as their files are now\n");
    const waiting = new Set(
      answers.flatMap((answer) => (Array.isArray(answer["waiting"]) ? answer["waiting"] : [])),
    );
    if (waiting.size > 0)
      process.stdout.write(`from the next start only: ${[...waiting].join(", ")}\n`);
    return;
  }
  const { faults } = refused;
  process.stderr.write(typeof faults === "string" ? faults : "");
  process.stderr.write("sluicegate: nothing changed; correct the files and try again\n");
  process.exitCode = 78;
}

/** Of those that are there; throws the first failure, a refusal before all others, when none is. */
async function askAll(sockets: readonly string[]): Promise<Readonly<Record<string, unknown>>[]> {
  const asked = await Promise.allSettled(sockets.map((one) => askRole(one, "reload", {})));
  const answers = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (answers.length > 0) return answers.filter(isObject);
  const failures = asked.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const denied = failures.find(
    (failure) => failure instanceof GatewayError && failure.code === "status.denied",
  );
  throw denied ?? failures[0];
}
