import { GatewayError } from "../../../core/errors.ts";
import { batchesOf } from "../../../stream/allow-batches.ts";
import { readStreamInfo } from "../../../stream/message-get.ts";
import { findDifferences, type StreamContract } from "../../../stream/stream-contract.ts";
import type { BackboneLook } from "../backbone-look.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, skipped, warning } from "../finding.ts";
import { isDenied } from "../is-denied.ts";
import { rolesOf } from "../roles-of.ts";
import { contractsOf } from "./contracts-of.ts";

export const natsStream: Check = {
  id: "nats.stream",
  group: "backbone",
  asks: "whether the streams of the roles here are as they have to be, read back from the server",
  explanation:
    "Some settings decide whether events can be lost, reordered or deleted: with another value the stream is not used (stream.contract-mismatch), and everything waits. The others (age, size, copies) are the operator's, and only told. Change them with nats stream edit, or give the gateway another id.",
  async run({ backbone, place, roles }) {
    const look = await backbone();
    const contracts = contractsOf(await place(), rolesOf(await roles()), look.options);
    return Promise.all(contracts.map((contract) => judge(look, contract)));
  },
};

async function judge({ connection }: BackboneLook, contract: StreamContract): Promise<Finding> {
  const about = contract.name;
  try {
    const info = await readStreamInfo(connection, contract.name);
    if (!info) return ok("not there yet; who writes it first makes it", about);
    const { promised, tuned } = findDifferences(info.config, contract);
    if (promised.length > 0)
      return error({
        about,
        what: promised.join("; "),
        why: "it cannot carry the promise, so it is not used, and events wait",
        next: `nats stream edit ${about}, or another gateway.id`,
      });
    if (tuned.length > 0)
      return warning({
        about,
        what: tuned.join("; "),
        why: "it is used as it is; the configuration says something else",
        next: `nats stream edit ${about}, or write the same into the configuration`,
      });
    const { messages } = info.state;
    const takes = batchesOf(info) === "on" ? ", takes batches" : "";
    return ok(`as it has to be, ${messages} messages${takes}`, about);
  } catch (thrown) {
    if (isDenied(thrown)) return skipped("this user may not read its settings", about);
    if (!(thrown instanceof GatewayError)) throw thrown;
    return error({
      about,
      what: thrown.message,
      why: "whether it can be used is not known",
      next: `nats stream info ${about}`,
    });
  }
}
