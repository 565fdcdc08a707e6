/** What the configuration may say about the journal and the status socket. */
import * as z from "zod";

/** `status`: where the running process answers `sluicegate status` and `sluicegate tap`. */
export const statusOptions = z
  .strictObject({
    socket: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe(
        "Path of the Unix socket that answers status, metrics and tap; without it sluicegate.sock in the gateway's data folder.",
      ),
    group: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/, "write the name of a group, or its number")
      .optional()
      .describe(
        "A group of the system whose members may see status and metrics, and do nothing else; they must be able to enter the folder of the socket. Without it only the user of the process.",
      ),
  })
  .describe("The status socket.");

/** `log`: what the process writes to its journal. */
export const logOptions = z
  .strictObject({
    level: z
      .enum(["debug", "info", "warn", "error"])
      .default("info")
      .describe("The least serious lines that are written: debug, info, warn or error."),
  })
  .describe("The journal.");

export type LogOptions = z.output<typeof logOptions>;
