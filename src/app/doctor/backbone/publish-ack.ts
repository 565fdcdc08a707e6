import { GatewayError } from "../../../core/errors.ts";
import { toGatewayId, toSiteId } from "../../../core/ids.ts";
import { gatewaySubjectPrefix, gatewayToken } from "../../../core/subject.ts";
import { publishRefused } from "../../../stream/refused-publish.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";
import { rolesOf } from "../roles-of.ts";

export const natsPublishAck: Check = {
  id: "nats.publish_ack",
  group: "backbone",
  asks: "whether what this gateway publishes reaches its stream and is answered",
  explanation:
    "A message is published below the gateway's own subjects that every stream has to refuse: it names a stream that cannot exist. The refusal comes from the stream, so the way, the rights and the answer are proven, and nothing is stored. No answer: the user lacks the right to publish there or to hear answers, the stream is not made yet, or it has no leader.",
  async run({ backbone, patienceMs, place, roles }) {
    if (!rolesOf(await roles()).includes("gateway")) return [];
    const { config } = await place();
    const { connection } = await backbone();
    const origin = [toSiteId(config.site), toGatewayId(config.gateway.id)] as const;
    const subject = `${gatewaySubjectPrefix(...origin)}${gatewayToken}.doctor`;
    try {
      const { strange, tookMs } = await publishRefused(connection, subject, patienceMs);
      if (strange === undefined)
        return [ok(`answered by the stream in ${tookMs.toFixed(0)} ms; nothing was stored`)];
      return [
        error({
          what: `something else than a stream of ours answers ${subject}: ${strange}`,
          why: "what is published there may be lost",
          next: `find who subscribes to it: nats server report connections --subject '${subject}'`,
        }),
      ];
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      const isUnmade = thrown.code === "stream.no-responders";
      const bad = {
        what: thrown.message,
        why: isUnmade
          ? "no stream takes what this gateway publishes; a gateway makes its own when it starts"
          : "events would not be answered, and wait on disk",
        next: isUnmade
          ? "start the gateway, or let an administrator make its stream"
          : "look at the rights of this user on the server, and whether the stream has a leader",
      };
      return [isUnmade ? warning(bad) : error(bad)];
    }
  },
};
