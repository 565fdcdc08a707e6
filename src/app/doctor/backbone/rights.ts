import { GatewayError } from "../../../core/errors.ts";
import { toGatewayId } from "../../../core/ids.ts";
import { commandsCopyStream, commandsStream } from "../../../core/subject.ts";
import { getLastMessage, readStreamInfo } from "../../../stream/message-get.ts";
import type { BackboneLook } from "../backbone-look.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok } from "../finding.ts";
import { isDenied } from "../is-denied.ts";
import { rolesOf } from "../roles-of.ts";
import { contractsOf } from "./contracts-of.ts";

export const natsRights: Check = {
  id: "nats.rights",
  group: "backbone",
  asks: "whether our user of the backbone may read the streams of the roles here",
  explanation:
    "Each stream that a role of this machine needs is asked how it is, and for its last message; nothing is written. Whether a gateway may publish is what nats.publish_ack tries. A right that is missing is refused by the server, and the role waits: sluicegate nats-permissions writes the rights that each role needs, no more and no less.",
  async run({ backbone, place, roles }) {
    const look = await backbone();
    const here = await place();
    const contracts = contractsOf(here, rolesOf(await roles()), look.options);
    const copy = commandsCopyStream(toGatewayId(here.config.gateway.id));
    const findings = contracts.map(async ({ name, subjects: [subject = ">"] }) => {
      const found = await tryRights(look, { name, subject });
      // A gateway of least rights reads the copy that is its own.
      return name === commandsStream && found.verdict === "error"
        ? tryRights(look, { name: copy, subject: ">" })
        : found;
    });
    return Promise.all(findings);
  },
};

interface Tried {
  readonly name: string;
  readonly subject: string;
}

async function tryRights({ connection }: BackboneLook, { name, subject }: Tried): Promise<Finding> {
  const denied: string[] = [];
  const attempt = async (right: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (thrown) {
      if (isDenied(thrown)) denied.push(right);
      // Whatever else is wrong with it is told by nats.stream.
      else if (!(thrown instanceof GatewayError)) throw thrown;
    }
  };
  await attempt(`$JS.API.STREAM.INFO.${name}`, () => readStreamInfo(connection, name));
  await attempt(`$JS.API.STREAM.MSG.GET.${name}`, () => getLastMessage(connection, name, subject));
  if (denied.length === 0) return ok("may be read", name);
  return error({
    about: name,
    what: `the user may not publish to ${denied.join(" and ")}`,
    why: "the role that needs this stream waits until it may",
    next: "sluicegate nats-permissions writes the rights that each role needs",
  });
}
