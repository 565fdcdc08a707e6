import type { DescribedDevice } from "./described-device.ts";

/** What a device said of itself, for people. Plain values. */
export interface ShownDescription {
  readonly device: string;
  /** With its edition: `homeassistant/discovery@1f03a9c2`. */
  readonly profile: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly metrics: readonly {
    readonly name: string;
    readonly unit?: string;
    readonly topic: string;
    readonly template: string;
  }[];
  /** Where it says that it is there. */
  readonly presence: readonly string[];
  /** What could not be taken, one sentence each. */
  readonly leftOut: readonly string[];
}

export function showDescription(device: DescribedDevice): ShownDescription {
  const { known, leftOut, topics } = device;
  return {
    device: known.id,
    profile: known.profile.id,
    facts: known.profile.attrs ?? {},
    metrics: [...topics].flatMap(([topic, { metrics, readings }]) =>
      metrics.map(({ mapping: { unit }, name }, at) => ({
        name,
        ...(unit !== undefined && { unit }),
        topic,
        template: readings[at]?.templateText ?? "",
      })),
    ),
    presence: [...topics].flatMap(([topic, { presence }]) => (presence ? [topic] : [])),
    leftOut,
  };
}
