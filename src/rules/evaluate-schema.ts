import * as z from "zod";

/** Where a rule is evaluated. */
export const evaluateField = z.enum(["hub", "edge"]).refine((where) => where === "hub", {
  message: "rules are evaluated at the hub only yet; leave it out",
  params: { code: "not-supported" },
});
