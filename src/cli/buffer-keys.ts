/** What the buffer that a command is about may be encrypted with. */
import { readKey, readKeyRing } from "../app/read-key-ring.ts";
import { KeyRing, noKeys } from "../buffer/encryption/key-ring.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import { GatewayError } from "../core/errors.ts";
import { filesHere } from "./site.ts";

/** Of keys in files that were named on the command line. */
export async function keysInFiles(paths: readonly string[] = []): Promise<KeyRing> {
  const places = { ...filesHere(), folder: process.cwd() };
  const keys: Buffer[] = [];
  for (const path of paths) keys.push(await readKey(path, { file: path }, places));
  return new KeyRing(undefined, keys);
}

/**
 * Of a site, as its configuration names them. Whoever may not read them, or finds one missing, is told
 * so and looks without: what needs a key says which.
 */
export async function keysOfSite({ config, folder }: SitePlace): Promise<KeyRing> {
  try {
    return await readKeyRing(config.buffer, { ...filesHere(), folder });
  } catch (thrown) {
    const { message } = GatewayError.from(thrown, "config.secret-missing", "cannot read the keys");
    process.stderr.write(`without the keys of the buffer: ${message}\n`);
    return noKeys;
  }
}
