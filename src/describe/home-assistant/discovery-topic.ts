/** What the topic of a discovery message says: `<prefix>/<component>/[<node>/]<object>/config`. */

export interface DiscoveryTopic {
  /** `sensor`, `switch`, or `device` for a message about several entities of one device. */
  readonly component: string;
  readonly node: string | undefined;
  readonly object: string;
}

/** Undefined for a topic that is none of a discovery message. */
export function parseDiscoveryTopic(prefix: string, topic: string): DiscoveryTopic | undefined {
  if (!topic.startsWith(prefix) || !topic.endsWith("/config") || topic[prefix.length] !== "/")
    return undefined;
  const levels = topic.slice(prefix.length + 1).split("/");
  const [component = "", first = "", second] = levels;
  if (component === "" || first === "") return undefined;
  if (levels.length === 3) return { component, node: undefined, object: first };
  if (levels.length !== 4 || second === undefined || second === "") return undefined;
  return { component, node: first, object: second };
}
