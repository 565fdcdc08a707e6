import { GatewayError } from "../../../core/errors.ts";
import { readStreamInfo } from "../../../stream/message-get.ts";
import type { StreamContract } from "../../../stream/stream-contract.ts";
import type { BackboneLook } from "../backbone-look.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, warning } from "../finding.ts";
import { rolesOf } from "../roles-of.ts";
import { contractsOf } from "./contracts-of.ts";

export const natsReplicas: Check = {
  id: "nats.replicas",
  group: "backbone",
  asks: "whether streams have the copies that the cluster can give, and all of them are up to date",
  explanation:
    "A stream with one copy is away while its server is. In a cluster of three or more write backbone.replicas: 3 before the streams are made, or nats stream edit --replicas 3 afterwards. A copy that is offline or behind is mended by the cluster itself once its server is back; two that are missing of three mean that nothing is taken.",
  async run({ backbone, place, roles }) {
    const look = await backbone();
    const contracts = contractsOf(await place(), rolesOf(await roles()), look.options);
    const judged = await Promise.all(contracts.map((contract) => judge(look, contract)));
    const bad = judged.filter((finding) => finding !== undefined);
    if (bad.length > 0) return bad;
    const { connection, options } = look;
    const cluster = connection.info?.cluster;
    if (cluster === undefined && options.replicas > 1)
      return [
        error({
          what: `backbone.replicas is ${options.replicas}, and the server is in no cluster`,
          why: "a stream with so many copies cannot be made there",
          next: "write backbone.replicas: 1, or name the servers of a cluster",
        }),
      ];
    if (cluster !== undefined && options.replicas === 1)
      return [
        warning({
          what: `one copy of each stream, in the cluster ${cluster}`,
          why: "a stream is away while the server is that has it",
          next: "backbone.replicas: 3, and nats stream edit --replicas 3 for streams that are there",
        }),
      ];
    return [
      ok(cluster === undefined ? "one server, one copy" : `${options.replicas} copies, up to date`),
    ];
  },
};

async function judge(
  { connection }: BackboneLook,
  { name }: StreamContract,
): Promise<Finding | undefined> {
  try {
    const cluster = (await readStreamInfo(connection, name))?.cluster;
    if (cluster?.replicas === undefined) return undefined;
    const away = cluster.replicas.filter(({ current, offline }) => offline === true || !current);
    if (cluster.leader && away.length === 0) return undefined;
    const whose = away
      .map((peer) => `${peer.name} ${peer.offline ? "offline" : "behind"}`)
      .join(", ");
    const bad = {
      about: name,
      what: cluster.leader ? `${away.length} of its copies away: ${whose}` : "it has no leader",
      why: cluster.leader
        ? "one more that goes away may stop it"
        : "it takes nothing until one is elected",
      next: `nats stream info ${name}; look at the servers that are away`,
    };
    return cluster.leader ? warning(bad) : error(bad);
  } catch (thrown) {
    // What cannot be read is told by nats.stream.
    if (thrown instanceof GatewayError) return undefined;
    throw thrown;
  }
}
