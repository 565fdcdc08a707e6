/** Options that several kinds of receivers have. */
import * as z from "zod";
import { durationWithin } from "../../schema/bounded.ts";

/** An address of HTTP. */
export const httpUrl = z.url({
  protocol: /^https?$/,
  error: "write an address that begins with http:// or https://",
});

/** `timeout`: milliseconds once parsed. */
export const timeoutOption = z
  .string()
  .transform(durationWithin(100, 120_000))
  .prefault("10s")
  .describe("How long an answer is waited for (100ms to 2m; ms once parsed).");

/** `give_up_after`: milliseconds once parsed. */
export const giveUpAfterOption = z
  .string()
  .transform(durationWithin(60_000, 30 * 86_400_000))
  .prefault("24h")
  .describe(
    "How long a notice is tried before it becomes a dead letter (1m to 30d; ms once parsed).",
  );

/** `ca`: a file, beside the configuration. */
export const caOption = z
  .string()
  .min(1)
  .max(4096)
  .optional()
  .describe(
    "PEM file with those who may vouch for the other side, in place of the system's own; a relative path begins at the configuration file.",
  );

/** What a header carries as it stands. */
export const headerWord = z.string().regex(/^[\x21-\x7e]{1,1024}$/, "write letters without spaces");
