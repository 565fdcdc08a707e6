/** `sluicegate tap [stage]`: what flows through here, as it flows. */

import { gatewayStatusOf } from "../app/gateway/read-gateway-status.ts";
import { openBackboneFor } from "../app/open-backbone-for.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { matchesGlob } from "../core/glob.ts";
import { toGatewayId, toStreamSeq } from "../core/ids.ts";
import { printable } from "../core/printable.ts";
import { gatewayStream } from "../core/subject.ts";
import { followStream } from "../stream/follow-stream.ts";
import { readStreamFacts } from "../stream/message-get.ts";
import { readStatus, readTap } from "../telemetry/status-client.ts";
import { type TapStage, tapStages } from "../telemetry/tap-hub.ts";
import { siteOf, socketOf } from "./site.ts";
import { describeEvent, describeTapLine } from "./tap-lines.ts";

export interface TapOptions {
  readonly config: string;
  readonly socket?: string;
  readonly nats?: string;
  readonly device?: string;
  readonly limit?: string;
  readonly output: "pretty" | "ndjson";
}

/** Prints until the limit or Ctrl-C; what is not shown is counted on standard error. */
export async function runTap(stageName: string, options: TapOptions): Promise<void> {
  const stage = tapStages.find((known) => known === stageName);
  if (stage === undefined) {
    throw new GatewayError(
      "usage",
      `no stage is named ${stageName}; there are ${tapStages.join(", ")}`,
    );
  }
  const limit = options.limit === undefined ? undefined : Number(options.limit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new GatewayError("usage", `--limit ${options.limit}: write a whole number above 0`);
  }
  const ending = new AbortController();
  process.once("SIGINT", () => ending.abort());
  process.once("SIGTERM", () => ending.abort());
  if (stage === "sent") await tapStream(options, limit, ending.signal);
  else await tapGateway(stage, options, limit, ending.signal);
}

async function tapGateway(
  stage: TapStage,
  options: TapOptions,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { device, output } = options;
  const request = {
    stage,
    ...(device !== undefined && { device }),
    ...(limit !== undefined && { limit }),
  };
  for await (const line of readTap(await socketOf(options), request, signal)) {
    if (line.kind === "event") {
      print(output === "ndjson" ? JSON.stringify(line.facts) : describeTapLine(line));
    } else if (line.kind === "end") {
      process.stderr.write(`(shown ${line.shown}, not shown ${line.dropped})\n`);
    }
  }
}

async function tapStream(
  options: TapOptions,
  limit = Number.POSITIVE_INFINITY,
  signal: AbortSignal,
): Promise<void> {
  const { config } = await siteOf(options.config);
  const server = options.nats ?? (await serverOfRunning(options)) ?? config.backbone.servers[0];
  const stream = gatewayStream(toGatewayId(config.gateway.id));
  const backbone = openBackboneFor(
    { ...config.backbone, servers: server ? [server] : [] },
    "sluicegate-tap",
  );
  const isWanted = (device: string): boolean =>
    options.device === undefined || matchesGlob(options.device, device);
  try {
    const connection = await backbone.connected(signal);
    const facts = await readStreamFacts(connection, stream);
    if (!facts)
      throw new GatewayError(
        "stream.no-responders",
        `there is no stream ${stream} at ${server} yet`,
      );
    const from = toStreamSeq(facts.lastSeq + 1);
    const followed = await followStream(connection, stream, { from }, systemClock);
    let shown = 0;
    while (shown < limit && !signal.aborted) {
      for (const message of await followed.next(60_000, signal)) {
        const text = message.string();
        const event = decodeEvent(text);
        if (isMalformed(event) || !isWanted(event.device ?? "=")) continue;
        print(options.output === "ndjson" ? text : describeEvent(event));
        shown += 1;
        if (shown >= limit) break;
      }
    }
    await followed.close();
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    await backbone.close();
  }
}

/** Where the running gateway is connected; undefined when it is not running or not connected. */
async function serverOfRunning(options: TapOptions): Promise<string | undefined> {
  try {
    return gatewayStatusOf(await readStatus(await socketOf(options)))?.link.server;
  } catch {
    return undefined;
  }
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}
