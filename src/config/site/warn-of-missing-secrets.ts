import { bridgeSecrets } from "../../bridge/options.ts";
import { parseKey } from "../../buffer/encryption/parse-key.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Fault } from "../../core/fault.ts";
import { isObject } from "../../core/is-object.ts";
import { historianSecrets } from "../../historian/options.ts";
import { secretFieldsOf } from "../../notify/options.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import { sourceKinds } from "../../sources/kinds.ts";
import { pathIn } from "../path-in.ts";
import { readSecret, type SecretReference } from "../secrets.ts";
import type { Load } from "./load.ts";
import type { SiteFiles } from "./site-files.ts";

/** Only warns: files may be checked on another machine than the one that holds the secrets. */
export async function warnOfMissingSecrets({ files, folder, main }: Load): Promise<void> {
  for (const { path, reference } of secretsIn(main.written)) {
    try {
      const secret = await readSecret(reference, { ...files, folder });
      const open = await openSecret(reference, files, folder);
      if (open) main.report({ ...open, path, severity: "warning" });
      const isKey = path[0] !== "buffer" || parseKey(secret.reveal()) !== undefined;
      if (!isKey) main.report({ ...noKey, path, severity: "warning" });
    } catch (thrown) {
      const { code, message } = GatewayError.from(thrown, "config.secret-missing", "no secret");
      main.report({ code, path, message, ...namesIn(reference, folder), severity: "warning" });
    }
  }
}

/** Nothing of what was found is shown. */
const noKey = {
  code: "config.bad-key",
  message: "what it names is no key: 32 random bytes, as 64 hex digits or in base64",
  hint: "openssl rand -hex 32 prints one",
};

/** A file that everybody on the machine may read is no place for a secret. */
async function openSecret(reference: SecretReference, files: SiteFiles, folder: string) {
  if (!("file" in reference)) return undefined;
  const path = pathIn(folder, reference.file);
  if (!(await files.isOpenToAll(path))) return undefined;
  return {
    code: "config.secret-open",
    message: `every user of this machine may read the secret in ${path}`,
    hint: `chmod o-rwx ${path}`,
    names: [path],
  };
}

/** As it is said why a secret is not there. */
function namesIn(reference: SecretReference, folder: string): Pick<Fault, "names"> {
  return "file" in reference ? { names: [pathIn(folder, reference.file)] } : {};
}

interface NamedSecret {
  readonly path: readonly (string | number)[];
  readonly reference: SecretReference;
}

/** Every reference that is understood, whatever is wrong around it. */
function secretsIn(written: unknown): NamedSecret[] {
  const places = [
    { path: ["backbone", "credentials", "file"], holder: ["backbone", "credentials"] },
    ...[
      ...sourceSecretsIn(written),
      ...receiverSecretsIn(written),
      ...historianSecrets.map((field) => ["historian", field]),
      ...bridgeSecretsIn(written),
      ...traceSecretsIn(written),
      ...bufferSecretsIn(written),
    ].map((path) => ({ path, holder: path })),
  ];
  return places.flatMap(({ holder, path }): NamedSecret[] => {
    const env = valueAt(written, [...holder, "env"]);
    const file = valueAt(written, [...holder, "file"]);
    const credential = valueAt(written, [...holder, "credential"]);
    if (typeof credential === "string" && credential !== "")
      return [{ path, reference: { credential } }];
    if (typeof file === "string" && file !== "") return [{ path, reference: { file } }];
    return typeof env === "string" && env !== "" ? [{ path, reference: { env } }] : [];
  });
}

/** Where ways in may name secrets. */
function sourceSecretsIn(written: unknown): (string | number)[][] {
  const sources = valueAt(written, ["sources"]);
  if (!Array.isArray(sources)) return [];
  return sources.flatMap((_, at) => {
    const path = ["sources", at];
    const kind = sourceKinds.find(({ name }) => name === valueAt(written, [...path, "kind"]));
    return (kind?.secrets ?? []).map((field) => [...path, field]);
  });
}

/** What the buffer is encrypted with. */
function bufferSecretsIn(written: unknown): (string | number)[][] {
  const path = ["buffer", "encryption"];
  const former = valueAt(written, [...path, "former_keys"]);
  const places = Array.isArray(former) ? former.map((_, at) => [...path, "former_keys", at]) : [];
  return [[...path, "key"], ...places];
}

/** Where targets of the bridge may name secrets. */
function bridgeSecretsIn(written: unknown): (string | number)[][] {
  const targets = valueAt(written, ["bridge"]);
  if (!Array.isArray(targets)) return [];
  return targets.flatMap((_, at) => bridgeSecrets.map((field) => ["bridge", at, field]));
}

/** Where spans are sent. */
function traceSecretsIn(written: unknown): string[][] {
  const path = ["trace", "otlp", "headers"];
  const headers = valueAt(written, path);
  return isObject(headers) ? Object.keys(headers).map((name) => [...path, name]) : [];
}

/** Where receivers may name secrets. */
function receiverSecretsIn(written: unknown): string[][] {
  const receivers = valueAt(written, ["notify", "receivers"]);
  if (typeof receivers !== "object" || receivers === null) return [];
  return Object.keys(receivers).flatMap((name) => {
    const path = ["notify", "receivers", name];
    const fields = secretFieldsOf(valueAt(written, [...path, "kind"]));
    return fields.map((field) => [...path, field]);
  });
}
