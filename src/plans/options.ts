import * as z from "zod";

/** What the configuration says about plans: where they are written. */
export const plansOptions = z
  .strictObject({
    files: z
      .array(z.string().min(1))
      .max(100)
      .default(["plans/*.yaml"])
      .describe("Plan files, as paths or globs relative to the configuration file."),
  })
  .describe("Plans: several commands in an order, with what takes each back.");

export type PlansOptions = z.output<typeof plansOptions>;
