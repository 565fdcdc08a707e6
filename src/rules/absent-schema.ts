/** `absent`: nothing is heard for too long. */
import * as z from "zod";
import { refuseFields, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { durationText } from "./duration-text.ts";

export const absentSchema = z
  .strictObject({ longer_than: durationText, of: z.string().min(1).optional() })
  .transform(
    (text): WrittenCondition => ({
      *refuse(rule) {
        yield* refuseSeverity(rule, false);
        const why = "absent looks at no values, so it has no";
        yield* refuseFields(rule, ["hold", "on_missing", "quality"], why);
      },
      complete({ select, severity = "warning", for: forMs = 0 }) {
        const { longer_than, of = select.metric ?? "any" } = text;
        return {
          kind: "absent",
          longerThanMs: longer_than,
          of: of === "any" ? undefined : of,
          severity,
          forMs,
        };
      },
    }),
  );
