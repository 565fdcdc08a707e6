import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type Backbone, openBackbone } from "../../src/stream/backbone.ts";
import { type BackboneOptions, backboneOptions } from "../../src/stream/options.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

/** Options for the server of a test, everything else as by default. */
export function backboneOptionsFor(url: string): BackboneOptions {
  return backboneOptions.parse({ servers: [url] });
}

/** A backbone that reconnects at once; it is closed when the test ends. */
export function testBackbone(url: string, name = "test"): Backbone {
  const backbone = openBackbone(backboneOptionsFor(url), {
    name,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
    backoff: { baseMs: 20, maxMs: 50 },
  });
  onTestFinished(() => backbone.close());
  return backbone;
}

/** The connection of a backbone, as soon as there is one. */
export function connectionOf(backbone: Backbone): ReturnType<Backbone["connected"]> {
  return backbone.connected(new AbortController().signal);
}
