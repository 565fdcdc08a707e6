/** What the configuration may say about traces. */
import * as z from "zod";
import { durationWithin } from "../schema/bounded.ts";
import { secretReference } from "../schema/secret-reference.ts";

const headerName = z
  .string()
  .regex(
    /^(?!(?:content-(?:type|length)|host|connection|transfer-encoding|user-agent)$)[a-z0-9-]{1,64}$/,
    "a header is 1 to 64 of a-z 0-9 and -, and none that the request has anyway",
  );

const otlpOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: "write an address that begins with http:// or https://" })
      .refine(
        (url) => !/^https?:\/\/[^/?#]*@/.test(url),
        "a user and a password do not belong into an address; write headers: { authorization: { file: otlp.auth } }",
      )
      .describe(
        "Address that takes OTLP over HTTP as JSON, whole: http://127.0.0.1:4318/v1/traces.",
      ),
    headers: z
      .record(headerName, secretReference)
      .optional()
      .describe("Headers by name in small letters, each a reference to its value."),
    ca: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe("File in PEM with the CA of the other side, relative to the configuration file."),
    timeout: z
      .string()
      .transform(durationWithin(100, 60_000))
      .prefault("10s")
      .describe("How long an answer is waited for (100ms to 1m; ms once parsed)."),
  })
  .describe("Where spans are sent; without it nowhere.");

/** `trace`: what is done with traces beside carrying them in events. */
export const traceOptions = z
  .strictObject({
    make: z
      .union([z.literal("off"), z.number().gt(0).max(1)], {
        error: "write off, or the share of messages: 0.01 for one of a hundred, 1 for all",
      })
      .default("off")
      .describe(
        "The share of messages without a trace that the gateway begins one for: off, or 0.01 for one of a hundred.",
      ),
    otlp: otlpOptions.optional(),
  })
  .describe(
    "Traces: where it is there, messages in the streams have the trace of their event as headers, too.",
  );

/** The parsed `trace` section. */
export type TraceOptions = z.output<typeof traceOptions>;
