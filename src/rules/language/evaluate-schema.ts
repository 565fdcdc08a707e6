import * as z from "zod";

/** Where a rule is evaluated: at the hub, or by each gateway for its own devices. */
export const evaluateField = z.enum(["hub", "edge"]);
