import type { LinkSecrets } from "../bridge/link-secrets.ts";
import type { TargetOptions } from "../bridge/options.ts";
import { pathIn } from "../config/path-in.ts";
import { readSecret, type SecretReference } from "../config/secrets.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { machineFiles } from "../config/site/site-files.ts";
import { GatewayError } from "../core/errors.ts";
import { systemReason } from "../core/system-reason.ts";

/**
 * What the options of a target of a bridge refer to, read now. Throws `config.secret-missing`, and
 * `config.invalid` where a file of its TLS cannot be read.
 */
export async function readLinkSecrets(
  { folder }: Pick<LoadedSite, "folder">,
  target: TargetOptions,
  env: NodeJS.ProcessEnv,
): Promise<LinkSecrets> {
  const files = machineFiles(env);
  const reveal = async (reference: SecretReference | undefined): Promise<string | undefined> =>
    reference && (await readSecret(reference, { ...files, folder })).reveal();
  const read = async (path: string | undefined): Promise<Uint8Array | undefined> => {
    if (path === undefined) return undefined;
    const whole = pathIn(folder, path);
    try {
      return await files.readFile(whole);
    } catch (thrown) {
      throw new GatewayError(
        "config.invalid",
        `cannot read ${whole} of target ${target.name}: ${systemReason(thrown)}`,
        { cause: thrown },
      );
    }
  };
  return {
    password: await reveal(target.password),
    token: target.kind === "http" ? await reveal(target.token) : undefined,
    ca: await read(target.tls?.ca),
    cert: await read(target.tls?.cert),
    key: await read(target.tls?.key),
  };
}
