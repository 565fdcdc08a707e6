/** `sluicegate backbone prepare` */
import { openBackboneFor } from "../app/open-backbone-for.ts";
import { siteBackboneOptions } from "../app/site-backbone.ts";
import { GatewayError } from "../core/errors.ts";
import { toGatewayId, toSiteId } from "../core/ids.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { type PreparedPart, prepareBackbone } from "../stream/prepare-backbone.ts";
import { gatewaysNamed } from "./gateway-names.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { serverOf } from "./server-option.ts";
import { siteOf } from "./site.ts";

const connectMs = 10_000;

export interface PrepareOptions {
  readonly config: string;
  readonly nats?: string;
  readonly credentials?: string;
  readonly dryRun?: boolean;
  readonly anew?: boolean;
  readonly output?: "text" | "json";
}

/** Makes what is missing for these gateways, or for the one of the configuration. */
export async function runPrepare(names: readonly string[], options: PrepareOptions): Promise<void> {
  const { anew = false, credentials, dryRun = false, nats } = options;
  const site = await siteOf(options.config);
  const { config } = site;
  const here = { site: toSiteId(config.site), gateway: toGatewayId(config.gateway.id) };
  const gateways = names.length > 0 ? gatewaysNamed(names) : [here];
  const servers = nats === undefined ? config.backbone.servers : [serverOf("--nats", nats)];
  const backboneOptions = {
    ...siteBackboneOptions({ site, servers }),
    ...(credentials !== undefined && { credentials: { file: credentials } }),
  };
  const backbone = openBackboneFor(backboneOptions, "sluicegate-backbone");
  const parts: PreparedPart[] = [];
  try {
    const advice = "start one, or say where it is with --nats";
    const connection = await connectInTime(backbone, { servers, timeoutMs: connectMs, advice });
    const preparation = { gateways, options: backboneOptions, dryRun, anew };
    for await (const part of prepareBackbone(connection, preparation)) parts.push(part);
  } finally {
    await backbone.close();
  }
  printAnswer(options, "backbone-prepare/1", { dryRun, parts }, () =>
    tableLines(
      parts.map(({ name, notes, state }) => [
        name,
        dryRun && state.startsWith("made") ? `would be ${state}` : state,
        notes.join("; "),
      ]),
    ),
  );
  if (config.backbone.retention.max_bytes === undefined)
    process.stderr.write(
      "a gateway can fill the disk of the hub: say in backbone.retention.max_bytes how much its stream keeps\n",
    );
  const stuck = parts.filter(({ state }) => state === "stands still");
  if (stuck.length > 0)
    throw new GatewayError(
      "stream.contract-mismatch",
      `${stuck.map(({ name }) => name).join(", ")}: see the notes`,
    );
}
