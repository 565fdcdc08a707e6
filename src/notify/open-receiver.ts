import type { Clock } from "../core/clock.ts";
import { createLogReceiver } from "./log-receiver.ts";
import type { ReceiverOptions, SecretReference } from "./options.ts";
import type { Receiver } from "./receiver.ts";
import { createWebhookReceiver } from "./webhook-receiver.ts";

/** What receivers reach people and programs by. */
export interface ReceiverSurroundings {
  readonly clock: Clock;
  /** Where the log receiver writes its lines, without the line end. */
  readonly out: (line: string) => void;
  readonly fetch: typeof fetch;
  /** What is behind a reference; rejects with `config.secret-missing`. */
  readonly readSecret: (reference: SecretReference) => Promise<{ reveal(): string }>;
}

/** Makes a receiver; reads its secret. Rejects with `config.secret-missing`. */
export async function openReceiver(
  options: ReceiverOptions,
  surroundings: ReceiverSurroundings,
): Promise<Receiver> {
  if (options.kind === "log") return createLogReceiver(options.format, surroundings.out);
  const secret = options.secret && (await surroundings.readSecret(options.secret)).reveal();
  return createWebhookReceiver(options, secret, surroundings);
}
