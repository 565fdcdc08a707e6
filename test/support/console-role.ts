import { onTestFinished } from "vitest";
import type { GatewayFacts } from "../../src/app/gateway-facts.ts";
import { openConsole } from "../../src/app/open-console.ts";
import type { RoleSurroundings } from "../../src/app/role.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { noAudit } from "../../src/core/audit.ts";
import type { Questions } from "../../src/core/question.ts";
import { createTapHub } from "../../src/telemetry/tap-hub.ts";
import { type Answered, askRoute } from "./ask-route.ts";
import { memorySite } from "./memory-site.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

/** A site in memory, at a server. */
export async function memorySurroundings(
  url: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<RoleSurroundings> {
  const loaded = await loadSite("sluicegate.yaml", memorySite(changes));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return {
    site: loaded.site,
    clock: systemClock,
    random: Math.random,
    metrics: silentMetrics,
    logger: () => silentLogger,
    audit: noAudit,
    env: {},
    servers: [url],
    taps: createTapHub(),
    questionsHere: () => ({}),
    gatewayHere: () => undefined,
    statusHere: () => undefined,
    takeOver: false,
  };
}

/** The role `console` of a site in memory, at a server; it is stopped when the test ends. */
export async function consoleRole(
  url: string,
  changes: Readonly<Record<string, string>> = {},
  questions: Questions = {},
  gateway?: GatewayFacts,
) {
  const role = await openConsole({
    ...(await memorySurroundings(url, changes)),
    questionsHere: () => questions,
    gatewayHere: () => gateway,
  });
  onTestFinished(() => role.stop());
  const { web } = role;
  if (!web) throw new Error("it shows nothing");
  return {
    role,
    ask: (path: string, body?: object, by?: string): Promise<Answered> =>
      askRoute(web.routes, path, body, by),
    topic(name: string) {
      const topic = web.topics?.find((one) => one.name === name);
      if (!topic) throw new Error(`no topic is ${name}`);
      return topic;
    },
  };
}
