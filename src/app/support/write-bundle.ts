/** All parts, redacted and bounded, in one archive. */
import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { decodeText } from "../../config/decode-text.ts";
import { readYaml } from "../../config/read-yaml.ts";
import { readSitePlace } from "../../config/site/read-site-place.ts";
import { machineFiles } from "../../config/site/site-files.ts";
import { GatewayError } from "../../core/errors.ts";
import { systemReason } from "../../core/system-reason.ts";
import { systemClock } from "../system-clock.ts";
import { type BundlePart, type BundleSource, bundleParts } from "./bundle-parts.ts";
import { knownSecrets } from "./known-secrets.ts";
import { redactor } from "./redact.ts";
import { tarGz } from "./tar.ts";

/** Of one part. */
const mostChars = 1_048_576;
/** No part takes longer; all checks of the doctor together are one. */
const partMs = 60_000;

export interface Bundle {
  readonly bytes: Buffer;
  readonly parts: readonly {
    readonly name: string;
    readonly chars: number;
    readonly trouble?: string;
  }[];
}

export async function makeBundle(configPath: string, env: NodeJS.ProcessEnv): Promise<Bundle> {
  const source = await sourceOf(configPath, env);
  const folder = source.place?.folder ?? ".";
  const written = [source.written, source.place?.config];
  const redact = redactor(await knownSecrets({ folder, written, env }));
  const made = await Promise.all(bundleParts.map((part) => makePart(part, source)));
  const entries = made.map(({ part, text }) => ({
    name: part.name,
    // Covered first: a cut may leave half of a secret, which nothing knows again.
    text: bounded(redact(text), part),
  }));
  const list = made.map(({ part, trouble }) => `${part.name}: ${trouble ?? part.what}`);
  const contents = { name: "contents.txt", text: redact(`${list.join("\n")}\n`) };
  const named = [contents, ...entries].map((entry) => ({
    ...entry,
    name: `sluicegate-support/${entry.name}`,
  }));
  return {
    bytes: tarGz(named, systemClock.wallMs()),
    parts: made.map(({ part, text, trouble }) => {
      return {
        name: part.name,
        chars: text.length,
        ...(trouble !== undefined && { trouble: redact(trouble) }),
      };
    }),
  };
}

interface MadePart {
  readonly part: BundlePart;
  readonly text: string;
  readonly trouble?: string;
}

/** A part that cannot be had says why, and leaves the others. */
async function makePart(part: BundlePart, source: BundleSource): Promise<MadePart> {
  const late = AbortSignal.timeout(partMs);
  // Each socket that is asked listens for it.
  setMaxListeners(0, late);
  try {
    const text = await part.read(source, late);
    if (text.trim() !== "") return { part, text };
    return { part, text, trouble: "nothing is in it" };
  } catch (thrown) {
    const why = thrown instanceof GatewayError ? thrown.message : systemReason(thrown);
    const trouble = `not in it: ${why}`;
    return { part, text: `${trouble}\n`, trouble };
  }
}

function bounded(text: string, { keeps }: BundlePart): string {
  if (text.length <= mostChars) return text;
  const left = `(${text.length - mostChars} characters left out)`;
  return keeps === "beginning"
    ? `${text.slice(0, mostChars)}\n${left}\n`
    : `${left}\n${text.slice(-mostChars)}`;
}

async function sourceOf(configPath: string, env: NodeJS.ProcessEnv): Promise<BundleSource> {
  const files = machineFiles(env);
  const place = await readSitePlace(configPath, files).catch(() => undefined);
  const bytes = await readFile(configPath).catch(() => undefined);
  const yaml = bytes && readYaml(decodeText(bytes).text);
  const written = yaml?.ok ? yaml.value : yaml?.rest?.value;
  return { configPath, env, place, written };
}
