/** What a simulated edge node and its two devices measure: each metric in a range that no other has. */
import type { Random } from "../../core/retry.ts";
import type { SentMetric } from "./encode-payload.ts";

/** The node itself under the empty name. */
export const members = ["", "press", "conveyor"] as const;
export type MemberName = (typeof members)[number];

export interface PlantMetric {
  readonly name: string;
  readonly type: NonNullable<SentMetric["type"]>;
  readonly unit?: string;
  readonly read: (count: number, random: Random) => number | boolean | string;
}

export const plant: Readonly<Record<MemberName, readonly PlantMetric[]>> = {
  "": [
    {
      name: "Cabinet/Temperature",
      type: "Float",
      unit: "°C",
      read: (_, random) => rounded(30 + 9 * random()),
    },
    { name: "Properties/Firmware", type: "String", read: () => "1.4.2" },
  ],
  press: [
    {
      name: "Hydraulics/Oil Temperature",
      type: "Float",
      unit: "°F",
      read: (_, random) => rounded(150 + 20 * random()),
    },
    {
      name: "Hydraulics/Pressure",
      type: "Double",
      unit: "bar",
      read: (_, random) => rounded(200 + 50 * random()),
    },
    { name: "Cycles", type: "Int64", read: (count) => 1_000_000 + count },
    { name: "Running", type: "Boolean", read: (_, random) => random() < 0.9 },
  ],
  conveyor: [
    { name: "Speed", type: "Double", unit: "m/s", read: (_, random) => rounded(1 + random()) },
    { name: "Torque", type: "Int32", read: (_, random) => -Math.round(500 + 100 * random()) },
  ],
};

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
