/**
 * Secrets. A configuration names them by reference, `{ env: NAME }` or `{ file: path }`; what is
 * behind the reference is read at start, and no way of printing shows it.
 */
import { isAbsolute, join } from "node:path";
import { inspect } from "node:util";
import { GatewayError } from "../core/errors.ts";

/** Where a secret is found. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** What the references are resolved with. */
export interface SecretPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): Promise<string>;
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
    return secretOf(places.env[reference.env], `environment variable ${reference.env}`);
  }
  const path = isAbsolute(reference.file) ? reference.file : join(places.folder, reference.file);
  try {
    const [line] = (await places.readFile(path)).split(/\r?\n/);
    return secretOf(line, `first line of ${path}`);
  } catch (thrown) {
    throw GatewayError.from(thrown, "config.secret-missing", `cannot read the secret in ${path}`);
  }
}

function secretOf(text: string | undefined, where: string): Secret {
  if (text !== undefined && text !== "") return new Secret(text);
  throw new GatewayError("config.secret-missing", `no secret in ${where}; set it and start again`);
}
