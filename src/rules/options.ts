import { z } from "zod";

/** What the configuration says about alert rules: where they are written. */
export const rulesOptions = z
  .strictObject({
    files: z
      .array(z.string().min(1))
      .max(100)
      .default(["rules/*.yaml"])
      .describe("Rule files, as paths or globs relative to the configuration file."),
  })
  .describe("Alert rules.");

export type RulesOptions = z.output<typeof rulesOptions>;
