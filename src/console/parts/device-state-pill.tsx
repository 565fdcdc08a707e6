/** How a device is: a shape, a word, and what it means when pointed at. */
import type { DeviceRow } from "../../api/shapes/device.ts";
import type { IconName } from "./icon.tsx";
import { Pill, type Tone } from "./pill.tsx";

interface Saying {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  /** What it means and what to do. */
  readonly means: string;
}

/** By state. */
export const deviceSayings: Readonly<Record<DeviceRow["state"], Saying>> = {
  ok: { word: "ok", icon: "ok", tone: "normal", means: "It reports as it should." },
  silent: {
    ...{ word: "silent", icon: "silent", tone: "warning" },
    means: "Nothing came for longer than it is expected to. Look at its power and its network.",
  },
  "bad-quality": {
    ...{ word: "bad quality", icon: "warning", tone: "warning" },
    means: "It reports, and says itself, or its profile does, that a value cannot be trusted.",
  },
  "clock-suspect": {
    ...{ word: "clock", icon: "warning", tone: "warning" },
    means:
      "Its times cannot be right, so values are stored by the time they came in. Set its clock.",
  },
  never: {
    ...{ word: "never seen", icon: "empty", tone: "normal" },
    means: "It is configured, and nothing came from it yet.",
  },
};

interface DeviceStatePillProps {
  readonly state: DeviceRow["state"];
  readonly isPlain?: boolean;
}

export function DeviceStatePill({ state, isPlain = false }: DeviceStatePillProps) {
  const { icon, means, tone, word } = deviceSayings[state];
  return <Pill word={word} icon={icon} tone={tone} isPlain={isPlain} title={means} />;
}
