/** The streams that are used, how they are set, and who reads them. */
import type { StreamRow } from "../../../api/shapes/system.ts";
import {
  alertsStream,
  bridgeAsideStream,
  commandsStream,
  derivedStream,
  gatewayStreamPrefix,
  historyRejectedStream,
  notifyLogStream,
  parseGatewaySubjects,
  plansStream,
} from "../../../core/subject.ts";
import type { SeenStream } from "../../../stream/list-streams.ts";
import type { BackboneOptions } from "../../../stream/options.ts";
import {
  alertsStreamContract,
  bridgeAsideStreamContract,
  commandsStreamContract,
  derivedStreamContract,
  findDifferences,
  gatewayStreamContract,
  historyRejectedStreamContract,
  notifyLogStreamContract,
  plansStreamContract,
  type StreamContract,
} from "../../../stream/stream-contract.ts";
import type { BackboneSeen, SeenReader } from "./backbone-look.ts";

const nanosPerMs = 1_000_000;
const mostReaders = 100;

const contracts: Readonly<Record<string, (options: BackboneOptions) => StreamContract>> = {
  [alertsStream]: alertsStreamContract,
  [bridgeAsideStream]: bridgeAsideStreamContract,
  [commandsStream]: commandsStreamContract,
  [derivedStream]: derivedStreamContract,
  [historyRejectedStream]: historyRejectedStreamContract,
  [notifyLogStream]: notifyLogStreamContract,
  [plansStream]: plansStreamContract,
};

/** True for a stream of ours; others on the same servers are nobody's business here. */
export function isOwnStream({ name }: Pick<SeenStream, "name">): boolean {
  return name.startsWith(gatewayStreamPrefix) || name === "AUDIT" || Object.hasOwn(contracts, name);
}

export function streamRows(seen: BackboneSeen, options: BackboneOptions): StreamRow[] {
  const byStream = new Map<string, SeenReader[]>();
  for (const reader of seen.readers) {
    const others = byStream.get(reader.stream);
    if (others) others.push(reader);
    else byStream.set(reader.stream, [reader]);
  }
  return seen.streams.filter(isOwnStream).map((stream) => {
    const { bytes, config, firstMs, lastMs, messages, name } = stream;
    const readers = byStream.get(name) ?? [];
    return {
      ...{ name, messages, bytes },
      subjects: [...(config.subjects ?? [])],
      maxBytes: config.max_bytes > 0 ? config.max_bytes : null,
      maxAgeMs: config.max_age > 0 ? config.max_age / nanosPerMs : null,
      replicas: config.num_replicas,
      firstMs: firstMs ?? null,
      lastMs: lastMs ?? null,
      readers: readers.slice(0, mostReaders).map(({ behind, name: reader, waitsSinceMs }) => ({
        ...{ name: reader, behind },
        lagMs: behind === 0 ? 0 : waitsSinceMs === undefined ? null : agoMs(seen, waitsSinceMs),
      })),
      problems: problemsOf(stream, options),
    };
  });
}

/** What is not as it has to be, then what somebody chose otherwise. */
function problemsOf({ config, name }: SeenStream, options: BackboneOptions): string[] {
  const contract = contractOf(name, config.subjects ?? [], options);
  if (typeof contract === "string") return [contract];
  if (!contract) return [];
  const { promised, tuned } = findDifferences(config, contract);
  return [...promised, ...tuned.map((difference) => `${difference}: that is yours to choose`)];
}

function contractOf(
  name: string,
  subjects: readonly string[],
  options: BackboneOptions,
): StreamContract | string | undefined {
  if (!name.startsWith(gatewayStreamPrefix)) return contracts[name]?.(options);
  const [origin] = subjects.flatMap((filter) => parseGatewaySubjects(filter) ?? []);
  return origin ? gatewayStreamContract(origin, options) : "it is no gateway's, and is not read";
}

export function agoMs({ atMs }: BackboneSeen, sinceMs: number): number {
  return Math.max(0, atMs - sinceMs);
}
