/** `sluicegate tap [stage]`: what flows through here, as it flows. */

import { openBackboneFor } from "../app/open-backbone-for.ts";
import { siteBackboneOptions } from "../app/site-backbone.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { toGatewayId, toStreamSeq } from "../core/ids.ts";
import { printable } from "../core/printable.ts";
import { gatewayStream } from "../core/subject.ts";
import { suggest } from "../core/suggest.ts";
import { tapStages } from "../core/taps.ts";
import { problemOfFilter } from "../core/topic-filter.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { followStream } from "../stream/follow-stream.ts";
import { readStreamFacts } from "../stream/message-get.ts";
import { readTap } from "../telemetry/status-client.ts";
import { type TapFilter, wantedBy } from "../telemetry/tap-filter.ts";
import { type RemoteOptions, remoteOf } from "./remote.ts";
import { serverOf } from "./server-option.ts";
import { serverOfRunning } from "./servers-of.ts";
import { placeOf, socketOf } from "./site.ts";
import { describeEvent, describeTapLine } from "./tap-lines.ts";

export interface TapOptions extends TapFilter, RemoteOptions {
  readonly config: string;
  readonly nats?: string;
  readonly limit?: string;
  readonly watermarks?: boolean;
  readonly output: "pretty" | "ndjson";
}

/** What is to be shown, checked. */
interface Wish {
  readonly filter: TapFilter;
  readonly limit: number | undefined;
}

/** Those of a gateway, and what is read on the backbone. */
const stages = [...tapStages, "sent"] as const;
type Stage = (typeof stages)[number];

/** How long a backbone is waited for. */
const answerMs = 5_000;

/** Prints until the limit or Ctrl-C; what is not shown is counted on standard error. */
export async function runTap(stageName: string, options: TapOptions): Promise<void> {
  const stage = stageOf(stageName);
  const wish: Wish = { filter: filterOf(stage, options), limit: limitOf(options.limit) };
  const ending = new AbortController();
  process.once("SIGINT", () => ending.abort());
  process.once("SIGTERM", () => ending.abort());
  const remote = await remoteOf(options);
  if (remote) {
    const { tapThere } = await import("./remote-tap.ts");
    await tapThere(remote, { ...options, ...wish, stage }, ending.signal);
  } else if (stage === "sent") await tapStream(options, wish, ending.signal);
  else await tapGateway(stage, options, wish, ending.signal);
}

function stageOf(name: string): Stage {
  const stage = stages.find((known) => known === name);
  if (stage !== undefined) return stage;
  const meant = suggest(name, stages);
  const hint = meant ? `did you mean ${meant}?` : `there are ${stages.join(", ")}`;
  throw new GatewayError("usage", `no stage is named ${name}; ${hint}`);
}

function limitOf(text: string | undefined): number | undefined {
  const limit = text === undefined ? undefined : Number(text);
  if (limit === undefined || (Number.isInteger(limit) && limit > 0)) return limit;
  throw new GatewayError("usage", `--limit ${text}: write a whole number above 0`);
}

function filterOf(stage: Stage, { device, metric, topic }: TapOptions): TapFilter {
  if (metric !== undefined && (stage === "received" || stage === "rejected"))
    throw new GatewayError("usage", `--metric: ${stage} shows no metrics; look at normalized`);
  if (topic !== undefined && stage === "sent")
    throw new GatewayError("usage", "--topic: the backbone knows no topics; look at normalized");
  const problem = topic === undefined ? undefined : problemOfFilter(topic);
  if (problem !== undefined) throw new GatewayError("usage", `--topic: ${problem}`);
  return {
    ...(device !== undefined && { device }),
    ...(metric !== undefined && { metric }),
    ...(topic !== undefined && { topic }),
  };
}

async function tapGateway(
  stage: Exclude<Stage, "sent">,
  options: TapOptions,
  { filter, limit }: Wish,
  signal: AbortSignal,
): Promise<void> {
  const request = { stage, ...filter, ...(limit !== undefined && { limit }) };
  const socket = await socketOf(options);
  const listening = (): void => sayListening(`what is ${stage}`);
  for await (const line of readTap(socket, request, signal, listening)) {
    if (line.kind === "event") {
      print(options.output === "ndjson" ? JSON.stringify(line.facts) : describeTapLine(line));
    } else if (line.kind === "end") {
      process.stderr.write(`(shown ${line.shown}, not shown ${line.dropped})\n`);
    }
  }
}

async function tapStream(
  options: TapOptions,
  { filter, limit = Number.POSITIVE_INFINITY }: Wish,
  signal: AbortSignal,
): Promise<void> {
  const named = options.nats === undefined ? undefined : serverOf("--nats", options.nats);
  const { config, folder } = await placeOf(options.config);
  const server = named ?? (await serverOfRunning(options)) ?? config.backbone.servers[0];
  const stream = gatewayStream(toGatewayId(config.gateway.id));
  const servers = server ? [server] : [];
  const backbone = openBackboneFor(
    siteBackboneOptions({ site: { config, folder }, servers }),
    "sluicegate-tap",
  );
  const wants = wantedBy(filter);
  try {
    const advice =
      "start one (sluicegate up, where backbone.servers names none), or name another with --nats";
    const patience = { servers, timeoutMs: answerMs, advice, signal };
    const connection = await connectInTime(backbone, patience);
    const facts = await readStreamFacts(connection, stream);
    if (!facts)
      throw new GatewayError(
        "stream.no-responders",
        `there is no stream ${stream} at ${server} yet; its gateway makes it when it is linked`,
      );
    const from = toStreamSeq(facts.lastSeq + 1);
    const followed = await followStream(connection, stream, { from }, systemClock);
    sayListening(`the stream ${stream} at ${server}`);
    let shown = 0;
    while (shown < limit && !signal.aborted) {
      for (const message of await followed.next(60_000, signal)) {
        const text = message.string();
        const event = decodeEvent(text);
        if (isMalformed(event) || !wants(event.device, { ...event })) continue;
        if (event.kind === "watermark" && !options.watermarks) continue;
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

function sayListening(what: string): void {
  process.stderr.write(`(listening to ${printable(what)}; Ctrl-C ends)\n`);
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}
