import { GatewayError } from "../../../core/errors.ts";
import { checkpointsBucket, leasesBucket, positionsBucket } from "../../../core/subject.ts";
import { bucketDifferences } from "../../../stream/kv.ts";
import { readStreamInfo } from "../../../stream/message-get.ts";
import type { RoleName } from "../../roles.ts";
import type { BackboneLook } from "../backbone-look.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, skipped } from "../finding.ts";
import { isDenied } from "../is-denied.ts";
import { rolesOf } from "../roles-of.ts";

/** None of the roles that are left out. */
const buckets: Readonly<Partial<Record<RoleName, readonly string[]>>> = {
  processor: [checkpointsBucket, leasesBucket],
  notifier: [positionsBucket, leasesBucket],
  historian: [positionsBucket, leasesBucket],
  bridge: [positionsBucket, leasesBucket],
};

export const natsBucket: Check = {
  id: "nats.bucket",
  group: "backbone",
  asks: "whether the buckets of the hub keep what is written there",
  explanation:
    "Positions, checkpoints and leases stand in buckets. One whose values expire, or that is in memory, loses them: a role would start anew, and tell people again. Make it as it has to be with nats kv, or remove it while no role runs: it is made again, and roles begin from the streams.",
  async run({ backbone, roles }) {
    const look = await backbone();
    const names = new Set(rolesOf(await roles()).flatMap((role) => buckets[role] ?? []));
    return Promise.all(Array.from(names, (name) => judge(look, name)));
  },
};

async function judge({ connection }: BackboneLook, about: string): Promise<Finding> {
  try {
    const info = await readStreamInfo(connection, `KV_${about}`);
    if (!info) return ok("not there yet; who writes it first makes it", about);
    const differences = bucketDifferences(about, info.config);
    if (differences.length === 0) return ok("keeps what is written there", about);
    return error({
      about,
      what: differences.join("; "),
      why: "it is not used, and the roles that need it wait",
      next: `change it: nats stream edit KV_${about}`,
    });
  } catch (thrown) {
    if (isDenied(thrown)) return skipped("this user may not read its settings", about);
    if (!(thrown instanceof GatewayError)) throw thrown;
    return skipped(thrown.message, about);
  }
}
