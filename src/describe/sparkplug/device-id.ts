import type { SparkplugTopic } from "./topic.ts";

export const family = "sparkplug";

/**
 * `sparkplug-<group>-<node>` and `sparkplug-<group>-<node>-<device>`. Two never have one id: hyphens
 * within the group and the node are doubled, and no word behind one begins with a hyphen.
 */
export function idTextOf({ device, group, node }: Omit<SparkplugTopic, "kind" | "type">): string {
  const words = [doubled(group), beginOtherwise(doubled(node))];
  if (device !== undefined) words.push(beginOtherwise(device));
  return [family, ...words].join("-");
}

function doubled(word: string): string {
  return word.replace(/-/g, "--");
}

function beginOtherwise(word: string): string {
  return /^[-=]/.test(word) ? `=${word}` : word;
}
