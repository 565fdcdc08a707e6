/**
 * Secrets. A configuration names them by reference, `{ env: NAME }`, `{ file: path }` or
 * `{ credential: NAME }`, which is a file that systemd laid for the service alone; what is behind the reference is read at start, and no way of printing shows it.
 */
import { isAbsolute, join } from "node:path";
import { inspect } from "node:util";
import { GatewayError } from "../core/errors.ts";
import { systemReason } from "../core/system-reason.ts";
import { decodeText } from "./decode-text.ts";

/** Where a secret is found. */
export type SecretReference =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly credential: string };

/** What the references are resolved with. */
export interface SecretPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): Promise<Uint8Array>;
  /** Relative paths begin here: the folder of the configuration file. */
  readonly folder: string;
}

/** A text that never prints: as text, as JSON and in the inspector it is `***`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself, for the one call that needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "***";
  }
}

/**
 * Reads a secret: of a file, its first line. Throws `config.secret-missing`, which names the
 * reference, when it is not there or empty.
 */
export async function readSecret(
  reference: SecretReference,
  places: SecretPlaces,
): Promise<Secret> {
  if ("env" in reference) {
    return secretOf(places.env[reference.env], nameOfVariable(reference.env));
  }
  const path =
    "file" in reference ? inFolder(reference.file, places) : credentialPath(reference, places);
  const tried = `cannot read the secret in ${path}`;
  const bytes = await places.readFile(path).catch((thrown: unknown) => {
    const message = `${tried}: ${systemReason(thrown)}`;
    throw new GatewayError("config.secret-missing", message, { cause: thrown });
  });
  const decoded = decodeText(bytes);
  if (!decoded.ok) {
    const { column, line } = decoded.place;
    const where = `line ${line}, column ${column}`;
    throw new GatewayError("config.secret-missing", `${tried}: ${where}: ${decoded.message}`);
  }
  return secretOf(decoded.text.split(/\r?\n/)[0], `the first line of ${path}`);
}

function inFolder(file: string, { folder }: SecretPlaces): string {
  return isAbsolute(file) ? file : join(folder, file);
}

function credentialPath(
  { credential }: { readonly credential: string },
  { env }: SecretPlaces,
): string {
  const folder = env["CREDENTIALS_DIRECTORY"];
  if (folder !== undefined) return join(folder, credential);
  throw new GatewayError(
    "config.secret-missing",
    `no credential ${credential}: systemd laid none for this process; ` +
      `write LoadCredential=${credential}:/path into the unit, or name a file in its place`,
  );
}

/** Where a name belongs, somebody may have written the secret itself. */
function nameOfVariable(name: string): string {
  return /^[A-Z_][A-Z0-9_]*$/.test(name)
    ? `the environment variable ${name}`
    : "the environment variable that env names";
}

function secretOf(text: string | undefined, where: string): Secret {
  if (text !== undefined && text !== "") return new Secret(text);
  throw new GatewayError("config.secret-missing", `no secret in ${where}; set it and start again`);
}
