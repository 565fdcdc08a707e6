import type { Clock } from "../../core/clock.ts";
import type { DeviceWrite } from "../../core/device-write.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { RawMessage } from "../../core/message.ts";
import type { Payload } from "../../normalize/codecs/sparkplug/payload.ts";
import type { ReadingLimits } from "../../normalize/read-member.ts";
import type { Refusals } from "../refusals.ts";
import type { EdgeNode, Member } from "./edge-node.ts";
import type { EdgeNodes } from "./edge-nodes.ts";
import type { MemberEvents } from "./member-events.ts";
import { momentOf } from "./reading.ts";
import type { Following } from "./sequence.ts";
import type { MessageType } from "./topic.ts";

/** What a host application needs of its surroundings. */
export interface HostParts {
  readonly clock: Clock;
  readonly refusals: Refusals;
  /** True for a device that the configuration names: it is read as that says. */
  readonly isConfigured: (device: DeviceId) => boolean;
  /** Sends to a node by the source that it was heard on. */
  readonly send: (node: DeviceId, write: DeviceWrite, source: string) => void;
  /** Called when a birth says something else than the one before. */
  readonly described: (node: EdgeNode, member: Member) => void;
}

/** One message, taken apart. */
export interface Heard {
  readonly message: RawMessage;
  readonly type: MessageType;
  readonly payload: Payload;
  readonly node: EdgeNode;
  /** The node itself, or the device behind it. */
  readonly member: Member;
  readonly events: MemberEvents;
  readonly limits: ReadingLimits;
  readonly nodes: EdgeNodes;
  readonly parts: HostParts;
}

/**
 * Whether the message is the one behind the last. Where others are missing, one of them may have been a
 * birth, and aliases say nothing any more.
 */
export function follow({ member, node, parts, payload }: Heard): Following {
  const before = node.sequence.last;
  const saidMs = momentOf(payload.timestamp);
  const isOld = saidMs !== undefined && node.bornMs !== undefined && saidMs < node.bornMs;
  const isNewer = saidMs !== undefined && node.saidMs !== undefined && saidMs > node.saidMs;
  const following = node.sequence.follow(payload.seq, isOld, isNewer);
  if (following !== "late") node.saidMs = saidMs;
  if (following !== "gap") return following;
  node.doubt();
  node.wants ??=
    before === undefined
      ? "its birth was not heard"
      : `seq ${payload.seq ?? "is missing"} came behind ${before}, so messages were missed`;
  parts.refusals.note(member.id, `${node.wants}; it is asked to be born again`);
  return following;
}
