import type { DeviceId } from "../../core/ids.ts";
import type { ShownDescription } from "../show-description.ts";
import type { EdgeNodes } from "./edge-nodes.ts";

/** What a node or a device said at its birth, for people; undefined for one that said nothing. */
export function showMember(nodes: EdgeNodes, id: DeviceId): ShownDescription | undefined {
  const found = nodes.find(id);
  const table = found?.member.table;
  if (found === undefined || table === undefined) return undefined;
  const { member, node } = found;
  const { device, known } = member;
  const topicOf = (what: string): string =>
    device === undefined
      ? `spBv1.0/${node.group}/N${what}/${node.node}`
      : `spBv1.0/${node.group}/D${what}/${node.node}/${device}`;
  return {
    device: id,
    profile: known.profile.id,
    facts: known.profile.attrs ?? {},
    metrics: [...table.definitions].map(([key, { name, unit }]) => ({
      name,
      ...(unit !== undefined && { unit }),
      topic: topicOf("DATA"),
      template: key,
    })),
    presence: [topicOf("BIRTH"), topicOf("DEATH")],
    leftOut: [...table.aliases].flatMap(([alias, name]) =>
      name === null ? [`the alias ${alias} is of two metrics`] : [],
    ),
  };
}
