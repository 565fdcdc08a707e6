/** The flow in words. */
import type { FlowNode } from "../../../api/shapes/flow.ts";

const words: Readonly<Record<FlowNode["kind"], readonly [one: string, many: string]>> = {
  devices: ["group of devices", "groups of devices"],
  gateway: ["gateway", "gateways"],
  stream: ["stream", "streams"],
  processor: ["processor", "processors"],
  plans: ["plan runner", "plan runners"],
  notifier: ["notifier", "notifiers"],
  receiver: ["receiver", "receivers"],
  historian: ["historian", "historians"],
  database: ["database", "databases"],
  bridge: ["bridge", "bridges"],
  target: ["target of a bridge", "targets of bridges"],
};

export function kindWords(kind: FlowNode["kind"], count: number): string {
  return words[kind][count === 1 ? 0 : 1];
}

export const stateWords: Readonly<Record<FlowNode["state"], string>> = {
  ok: "ok",
  waiting: "waiting",
  down: "down",
  unknown: "not known",
};

const worstFirst = ["down", "waiting", "unknown", "ok"] as const;

/** `2 down, 190 ok`: the worst first. */
export function stateCounts(nodes: readonly Pick<FlowNode, "state">[]): string {
  return worstFirst
    .flatMap((state) => {
      const count = nodes.filter((node) => node.state === state).length;
      return count === 0 ? [] : [`${count} ${stateWords[state]}`];
    })
    .join(", ");
}

export const stateIcons = {
  ok: "ok",
  waiting: "connecting",
  down: "dropping",
  unknown: "help",
} as const satisfies Readonly<Record<FlowNode["state"], string>>;

/** Only what is not as it should be has a color. */
export const stateTones = {
  ok: "normal",
  waiting: "warning",
  down: "critical",
  unknown: "normal",
} as const satisfies Readonly<Record<FlowNode["state"], string>>;
