import type { StreamConfig } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { gatewayStream, gatewayStreamPrefix, parseGatewaySubjects } from "../core/subject.ts";
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

/** A stream that has a gateway's name or subjects, and is none's. */
export interface Lookalike {
  readonly stream: string;
  /** What gives it away, for people. */
  readonly reason: string;
}

/** What a look at all streams found, in no order. */
export interface GatewayLook {
  readonly gateways: readonly SeenGateway[];
  /** Passed over: somebody keeps a copy under such a name. */
  readonly lookalikes: readonly Lookalike[];
}

/** Looks at all streams for those of gateways. */
export async function lookAtGateways(connection: NatsConnection): Promise<GatewayLook> {
  const gateways: SeenGateway[] = [];
  const lookalikes: Lookalike[] = [];
  try {
    for await (const { config, state } of (await streamApi(connection)).streams.list()) {
      const origin = originOf(config);
      if (!origin) continue;
      if (typeof origin === "string") {
        lookalikes.push({ stream: config.name, reason: origin });
        continue;
      }
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
  return { gateways, lookalikes };
}

/**
 * Whose stream it is; a text that says why it is nobody's, where its name, its subjects and where it
 * is fed from disagree; undefined where nothing in it looks like a gateway's.
 */
function originOf(config: Partial<StreamConfig>): Origin | string | undefined {
  const { mirror, name = "", sources = [], subjects = [] } = config;
  const [origin] = subjects.flatMap((filter) => parseGatewaySubjects(filter) ?? []);
  if (!origin && !name.startsWith(gatewayStreamPrefix)) return undefined;
  if (mirror || sources.length > 0) return "it is fed from other streams";
  if (!origin || subjects.length !== 1) return "its subjects are not those of one gateway";
  const own = gatewayStream(origin.gateway);
  return own === name ? origin : `the stream of gateway ${origin.gateway} is ${own}`;
}
