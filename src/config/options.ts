/** What the configuration says of the machine itself, and as much as tells where its processes answer. */
import * as z from "zod";
import { isId } from "../core/ids.ts";
import { problemOfGatewayName } from "../core/subject.ts";
import { statusOptions } from "../telemetry/options.ts";

/** What ids of people are told that are none. */
export const idRule = "an id is 1 to 128 characters without control characters";

/** Nothing about a machine's name can be guessed: two gateways of one name would fight. */
function explainMissingId({ input }: { readonly input?: unknown }): string | undefined {
  if (input !== undefined) return undefined;
  return 'missing field "gateway.id"; name this machine, unique over all sites: gateway: { id: gw1 }';
}

function refuseLongStream(id: string, context: z.RefinementCtx): void {
  const message = problemOfGatewayName(id);
  if (message !== undefined) context.addIssue({ code: "custom", message });
}

/** `gateway`: the machine itself. */
export const gatewayOptions = z
  .strictObject(
    {
      id: z
        .string({ error: explainMissingId })
        .refine(isId, idRule)
        .superRefine(refuseLongStream)
        .describe("The name of this machine, unique over all sites: its stream is named after it."),
      data: z
        .string()
        .min(1)
        .max(4096)
        .default("data")
        .describe(
          "Folder of everything that must outlive a restart, relative to the configuration file (/var/lib/sluicegate where that file is below /etc); one process at a time owns it.",
        ),
    },
    { error: explainMissingId },
  )
  .describe("This machine.");

/** As much of a configuration as says where its processes answer; of the rest nothing is looked at. */
export const socketPlaceSchema = z.object({
  gateway: gatewayOptions,
  status: statusOptions.prefault({}),
});
