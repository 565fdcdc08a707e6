/**
 * What one gateway gets: its files, its name and the version of its fleet, signed as a whole (ed25519).
 * The first line of a bundle is the signature of all bytes behind it, so that nothing is looked at before
 * it is known to be whole and ours.
 */
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { GatewayError } from "../../core/errors.ts";
import { isObject } from "../../core/is-object.ts";

export interface BundleContent {
  readonly gateway: string;
  readonly version: number;
  /** By path below the folder of the configuration. */
  readonly files: Readonly<Record<string, string>>;
}

const schema = "sluicegate.bundle/1";
const head = /^sluicegate-bundle-1 ed25519 ([A-Za-z0-9+/=]{88})\n/;
export const mostBundleBytes = 16 * 1_048_576;

/** `privateKey`: in PEM, as `openssl genpkey -algorithm ed25519` writes it. */
export function signBundle(content: BundleContent, privateKey: string): string {
  const files = Object.fromEntries(
    Object.entries(content.files).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const { gateway, version } = content;
  const body = `${JSON.stringify({ schema, gateway, version, files }, undefined, 1)}\n`;
  const key = keyOf(() => createPrivateKey(privateKey));
  const signature = sign(null, Buffer.from(body), key).toString("base64");
  return `sluicegate-bundle-1 ed25519 ${signature}\n${body}`;
}

/** Throws `usage` for whatever is not as it was signed, with words for people. */
export function openBundle(text: string, publicKey: string): BundleContent {
  const match = head.exec(text);
  if (!match?.[1]) throw refused("it is no bundle, or was cut");
  const body = text.slice(match[0].length);
  const key = keyOf(() => createPublicKey(publicKey));
  if (!verify(null, Buffer.from(body), key, Buffer.from(match[1], "base64")))
    throw refused("its signature does not fit: it was changed, or signed with another key");
  const value: unknown = JSON.parse(body);
  if (!isObject(value) || value["schema"] !== schema)
    throw refused("it is of a later version of the program");
  const { files, gateway, version } = value;
  if (typeof gateway !== "string" || typeof version !== "number" || !isObject(files))
    throw refused("it says not whose it is");
  const texts: Record<string, string> = {};
  for (const [path, content] of Object.entries(files)) {
    if (!isBelow(path) || typeof content !== "string")
      throw refused(`${path} is no path below a folder`);
    texts[path] = content;
  }
  return { gateway, version, files: texts };
}

/** Nothing above the folder, nothing hidden in it. */
function isBelow(path: string): boolean {
  return (
    path.length <= 255 &&
    !/[\0\\]/.test(path) &&
    path.split("/").every((part) => part !== "" && !part.startsWith("."))
  );
}

function keyOf<K extends { readonly asymmetricKeyType?: string | undefined }>(read: () => K): K {
  try {
    const key = read();
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Said below: the words of the library name the key's text.
  }
  throw new GatewayError(
    "usage",
    "the key is no ed25519 key in PEM: openssl genpkey -algorithm ed25519 -out fleet.key makes one, openssl pkey -in fleet.key -pubout -out fleet.pub its public half",
  );
}

function refused(why: string): GatewayError {
  return new GatewayError("usage", `the bundle is refused: ${why}; nothing was changed`);
}
