/** `absent`: nothing is heard for too long. */
import * as z from "zod";
import { refuseFields, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { durationText } from "./duration-text.ts";

/** A device that speaks every second may be still for a moment. */
const leastOfIntervalsMs = 60_000;

export const absentSchema = z
  .strictObject({
    longer_than: durationText.optional(),
    intervals: z.number().min(1).max(1_000).optional(),
    of: z.string().min(1).optional(),
  })
  .refine(
    ({ intervals, longer_than }) => (intervals === undefined) !== (longer_than === undefined),
    "say for how long: longer_than: 15m, or intervals: 3 of those that the device's profile names",
  )
  .transform(
    (text): WrittenCondition => ({
      *refuse(rule) {
        yield* refuseSeverity(rule, false);
        const why = "absent looks at no values, so it has no";
        yield* refuseFields(rule, ["hold", "on_missing", "quality", "for_samples"], why);
      },
      complete({ select, severity = "warning", for: forMs = 0 }) {
        const { intervals, longer_than, of = select.metric ?? "any" } = text;
        return {
          kind: "absent",
          longerThanMs: longer_than ?? leastOfIntervalsMs,
          ...(intervals !== undefined && { intervals }),
          of: of === "any" ? undefined : of,
          severity,
          forMs,
        };
      },
    }),
  );
