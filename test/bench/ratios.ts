/** What the goals are: a machine that is twice as fast is so for both sides of each. */
import type { FigureGroup } from "./figures.ts";

/** Whatever was measured in this run. */
export interface Compared {
  roadPerSecond?: number;
  aedesPerSecond?: number;
  drainPerSecond?: number;
  publishPerSecond?: number;
  /** Processor time of an event on the box. */
  ownCpuUs?: number | undefined;
  leafCpuUs?: number | undefined;
  /** At 1,000 events/s. */
  pubackP50Ms?: number;
  diskP50Ms?: number;
}

/** Undefined where nothing can be compared. */
export function groupOfGoals(compared: Compared): FigureGroup | undefined {
  const of = (what: string, one?: number, other?: number, goal?: string) =>
    one === undefined || other === undefined
      ? []
      : [{ what, measured: (one / other).toFixed(2), ...(goal !== undefined && { goal }) }];
  const { aedesPerSecond, drainPerSecond, leafCpuUs, ownCpuUs } = compared;
  const { diskP50Ms, pubackP50Ms, publishPerSecond, roadPerSecond } = compared;
  const figures = [
    ...of("the whole road, of aedes alone", roadPerSecond, aedesPerSecond, "0.45"),
    ...of("the drain, of publishing with fence alone", drainPerSecond, publishPerSecond),
    ...of("processor time per event, of a NATS leaf node's", ownCpuUs, leafCpuUs, "below 1"),
    ...of(
      "half of the PUBACKs at 1,000/s, of write and fdatasync alone",
      pubackP50Ms,
      diskP50Ms,
      "1.5",
    ),
  ];
  return figures.length === 0 ? undefined : { title: "Ratios, all of this run", figures };
}
