/** Where receivers of alerts are told, as far as a connection is concerned. */
import type { SecretReference } from "../../../config/secrets.ts";
import type { NotifyOptions } from "../../../notify/options.ts";

export interface Target {
  readonly host: string;
  readonly port: number;
}

type Receiver = NotifyOptions["receivers"][string];

/** None for the journal, and for what has no address. `reveal` gives what a reference is to; addresses that are secrets are never shown. */
export async function targetsOf(
  receiver: Receiver,
  reveal: (reference: SecretReference) => Promise<string>,
): Promise<readonly Target[]> {
  switch (receiver.kind) {
    case "log":
      return [];
    case "alertmanager":
      return receiver.urls.map(targetOf);
    case "email":
      return [receiver.smtp];
    case "mqtt":
      return [receiver.url];
    case "slack":
    case "teams":
      return [targetOf(await reveal(receiver.url))];
    default:
      return "url" in receiver ? [targetOf(receiver.url)] : [];
  }
}

function targetOf(text: string): Target {
  const { hostname, port, protocol } = new URL(text);
  const usual = protocol === "https:" ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? usual : Number(port) };
}
