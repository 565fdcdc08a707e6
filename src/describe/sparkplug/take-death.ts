/** A death: of a node, with all devices behind it, or of one device. */
import type { Normalized, PassedOverMessage } from "../../normalize/normalized.ts";
import { birthCountOf, isOlderDeath } from "./birth-count.ts";
import { follow, type Heard } from "./heard.ts";

/** The will of a connection that the node has replaced since. */
const older: PassedOverMessage = {
  passedOver: "ignored",
  by: "sparkplug",
  filter: "NDEATH of an earlier birth",
};

export function takeDeath(heard: Heard): Normalized | undefined {
  const { events, member, node, payload, type } = heard;
  if (member.device !== undefined) {
    follow(heard);
    member.holds = false;
    member.isGone = true;
    events.status(member, "offline", type);
    return events.stored(member);
  }
  const count = birthCountOf(payload, member.table);
  if (isOlderDeath(count, node.birthCount)) return older;
  node.doubt();
  node.sequence.lose();
  node.wants = undefined;
  const text = count === undefined ? type : `${type}, bdSeq ${count}`;
  for (const one of new Set([member, ...node.members.values()])) {
    if (one === member || !one.isGone) events.status(one, "offline", text);
    one.isGone = true;
  }
  return events.stored(member);
}
