/** Topics of Sparkplug B: `spBv1.0/<group>/<type>/<node>[/<device>]`. */

export type MessageType = "NBIRTH" | "NDEATH" | "NDATA" | "DBIRTH" | "DDEATH" | "DDATA";

export interface SparkplugTopic {
  readonly kind: "message";
  readonly type: MessageType;
  readonly group: string;
  readonly node: string;
  /** Undefined for the node itself. */
  readonly device: string | undefined;
}

const commands: readonly string[] = ["NCMD", "DCMD"];
const ofNodes: readonly string[] = ["NBIRTH", "NDEATH", "NDATA"] satisfies MessageType[];
const ofDevices: readonly string[] = ["DBIRTH", "DDEATH", "DDATA"] satisfies MessageType[];
const noTopic = { kind: "none" } as const;

/**
 * `command`: to a node or a device. `state`: a host application says whether it is there; before
 * version 3 without anything of Sparkplug in its topic. Cheap: it is asked for every message that no
 * profile reads.
 */
export function parseTopic(
  topic: string,
): SparkplugTopic | { readonly kind: "command" | "state" | "old-state" | "none" } {
  if (!topic.startsWith("spBv1.0/")) return isOldState(topic) ? { kind: "old-state" } : noTopic;
  const [, group = "", type = "", node = "", device, more] = topic.split("/");
  if (group === "STATE" && type !== "" && node === "") return { kind: "state" };
  if (group === "" || node === "" || device === "" || more !== undefined) return noTopic;
  if (commands.includes(type)) return { kind: "command" };
  const isType = device === undefined ? isOf(ofNodes, type) : isOf(ofDevices, type);
  return isType ? { kind: "message", type: type as MessageType, group, node, device } : noTopic;
}

function isOf(types: readonly string[], type: string): boolean {
  return types.includes(type);
}

function isOldState(topic: string): boolean {
  return topic.startsWith("STATE/") && topic.length > 6 && !topic.includes("/", 6);
}
