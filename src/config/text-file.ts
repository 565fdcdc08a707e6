import { isAbsolute, join } from "node:path";
import { GatewayError } from "../core/errors.ts";
import { systemReason } from "../core/system-reason.ts";
import type { SecretPlaces } from "./secrets.ts";

/** The text of a file that the configuration names. Throws `config.unreadable` when it is not there. */
export async function readTextFile(path: string, places: SecretPlaces): Promise<string> {
  const whole = isAbsolute(path) ? path : join(places.folder, path);
  const bytes = await places.readFile(whole).catch((thrown: unknown) => {
    const message = `cannot read ${whole}: ${systemReason(thrown)}`;
    throw new GatewayError("config.unreadable", message, { cause: thrown });
  });
  return new TextDecoder().decode(bytes);
}
