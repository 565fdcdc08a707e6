/** The form of `fleet.yaml`: what many gateways have in common, and what each has of its own. */
import * as z from "zod";
import { isId } from "../../core/ids.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const variables = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, "write a name such as vlan"),
  z.union([scalar, z.array(scalar)]),
);
const id = z.string().refine(isId, "an id is 1 to 128 characters without control characters");
const file = z
  .string()
  .regex(
    /^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\0\\]{1,255}$/,
    "write a path below the folder of the fleet",
  );

export const fleetSchema = z.strictObject({
  version: z
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .describe("Counts up with each change: a gateway takes no bundle that is older than its own."),
  template: file.describe("The configuration that all have in common."),
  variables: variables
    .default({})
    .describe("Values for names in braces behind a dollar sign, for all gateways."),
  files: z
    .array(file)
    .max(1_000)
    .default([])
    .describe("Files that go with each configuration; * stands for any name."),
  gateways: z
    .array(
      z.strictObject({
        id,
        site: id.optional(),
        variables: variables.default({}).describe("Over those of all."),
        overrides: z
          .record(z.string(), z.unknown())
          .default({})
          .describe("Merged over the template."),
      }),
    )
    .min(1)
    .max(100_000),
});

export type Fleet = z.output<typeof fleetSchema>;
export type FleetGateway = Fleet["gateways"][number];
