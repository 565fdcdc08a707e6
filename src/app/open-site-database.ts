/** The database that a site writes its history to, for the role and for commands. */
import { pathIn } from "../config/path-in.ts";
import { readSecret, type SecretReference } from "../config/secrets.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { machineFiles } from "../config/site/site-files.ts";
import { GatewayError } from "../core/errors.ts";
import { systemReason } from "../core/system-reason.ts";
import { type Database, openDatabase } from "../historian/database.ts";
import type { HistorianOptions } from "../historian/options.ts";
import { systemClock } from "./system-clock.ts";

/** The section `historian`; throws `config.invalid` where there is none. */
export function requireHistorian({ config }: Pick<LoadedSite, "config">): HistorianOptions {
  if (config.historian) return config.historian;
  throw new GatewayError(
    "config.invalid",
    'the configuration has no section historian; historian: { url: "http://127.0.0.1:8086" } names an InfluxDB on this machine',
  );
}

/** Reads the secrets and the certificate; throws `config.secret-missing` and `config.invalid`. */
export async function openSiteDatabase(
  { folder }: Pick<LoadedSite, "folder">,
  options: HistorianOptions,
  env: NodeJS.ProcessEnv,
): Promise<Database> {
  const files = machineFiles(env);
  const reveal = async (reference: SecretReference | undefined): Promise<string | undefined> =>
    reference && (await readSecret(reference, { ...files, folder })).reveal();
  const secrets = {
    password: await reveal(options.password),
    token: await reveal(options.token),
    ca: options.tls && (await readCa(pathIn(folder, options.tls.ca), files.readFile)),
  };
  return openDatabase(options, secrets, systemClock);
}

async function readCa(
  path: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new GatewayError(
      "config.invalid",
      `cannot read ${path} of historian.tls.ca: ${systemReason(thrown)}`,
      { cause: thrown },
    );
  }
}
