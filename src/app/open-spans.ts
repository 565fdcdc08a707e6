/** Where the spans of a process go, joined by hand; nowhere unless the site says where. */
import { hostname } from "node:os";
import { readSecret } from "../config/secrets.ts";
import { machineFiles } from "../config/site/site-files.ts";
import { readTextFile } from "../config/text-file.ts";
import { createPoster } from "../notify/http-post.ts";
import { SpanExporter } from "../trace/span-exporter.ts";
import type { RoleSurroundings } from "./role.ts";
import { version } from "./version.ts";

/** Throws `config.secret-missing` and `config.unreadable`. */
export async function openSpans(
  surroundings: Omit<RoleSurroundings, "spans">,
): Promise<SpanExporter | undefined> {
  const { clock, env, logger, metrics, random, site } = surroundings;
  const otlp = site.config.trace?.otlp;
  if (!otlp) return undefined;
  const places = { ...machineFiles(env), folder: site.folder };
  const headers: Record<string, string> = { "content-type": "application/json" };
  for (const [name, reference] of Object.entries(otlp.headers ?? {}))
    headers[name] = (await readSecret(reference, places)).reveal();
  const ca = otlp.ca === undefined ? undefined : await readTextFile(otlp.ca, places);
  const post = createPoster({ clock, timeoutMs: otlp.timeout, ca, readsBody: true });
  return new SpanExporter({
    post: (body, signal) => post({ url: otlp.url, body, headers }, signal),
    resource: { instance: `${hostname()}:${process.pid}`, version },
    ...{ clock, metrics, random },
    logger: logger("trace"),
  });
}
