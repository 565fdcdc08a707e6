import type { StreamConfig } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { gatewayStream, parseGatewaySubjects } from "../core/subject.ts";
import { streamApi } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** The stream of a gateway that has written to this backbone. */
export interface DiscoveredGateway extends Origin {
  readonly stream: string;
}

/** A gateway's stream at one moment. */
export interface SeenGateway {
  readonly gateway: DiscoveredGateway;
  /** The number of its last message; 0 where there never was one. */
  readonly lastSeq: StreamSeq;
  /** How many it holds; what expired is not among them. */
  readonly messages: number;
  /** When the server stored the last message; undefined where it does not say. */
  readonly lastStoredMs: EpochMs | undefined;
}

/** All gateways that have a stream, in no order. */
export async function discoverGateways(
  connection: NatsConnection,
): Promise<readonly DiscoveredGateway[]> {
  return (await lookAtGateways(connection)).map(({ gateway }) => gateway);
}

/**
 * The same, with how their streams are. A stream that only looks like a gateway's, since somebody
 * keeps a copy under such a name, is passed over.
 */
export async function lookAtGateways(connection: NatsConnection): Promise<readonly SeenGateway[]> {
  const gateways: SeenGateway[] = [];
  try {
    for await (const { config, state } of (await streamApi(connection)).streams.list()) {
      const origin = originOf(config);
      if (!origin) continue;
      const lastStoredMs = Date.parse(String(state.last_ts));
      gateways.push({
        gateway: { ...origin, stream: config.name },
        lastSeq: toStreamSeq(state.last_seq),
        messages: state.messages,
        lastStoredMs: lastStoredMs > 0 ? lastStoredMs : undefined,
      });
    }
  } catch (thrown) {
    throw toStreamError(thrown, "cannot list the gateways' streams");
  }
  return gateways;
}

/** Whose stream it is; undefined where its name, its subjects and where it is fed from disagree. */
function originOf({ mirror, name, sources, subjects }: Partial<StreamConfig>): Origin | undefined {
  if (mirror || (sources && sources.length > 0) || subjects?.length !== 1) return undefined;
  const origin = parseGatewaySubjects(subjects[0] ?? "");
  return origin && gatewayStream(origin.gateway) === name ? origin : undefined;
}
