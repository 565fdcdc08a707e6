/** What the configuration says about the backbone. */
import * as z from "zod";
import { durationWithin, sizeWithin } from "../schema/bounded.ts";

const file = z.string().min(1).max(4_096);
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How long and how much a stream keeps. */
const retentionOptions = z
  .strictObject({
    max_age: z
      .string()
      .transform(durationWithin(minuteMs, 3_650 * dayMs))
      .prefault("7d")
      .describe("How long the stream keeps an event (1m to 3650d; ms once parsed)."),
    max_bytes: z
      .union([z.string(), z.number()])
      .transform(sizeWithin(2 ** 20, 2 ** 50))
      .optional()
      .describe(
        "How much the stream keeps before it forgets the oldest events (1MiB to 1PiB; bytes once parsed); without it only age counts.",
      ),
  })
  .describe("What the stream of a gateway keeps; used when the stream is created.");

/** `backbone`: where JetStream is and how events travel there. */
export const backboneOptions = z
  .strictObject({
    servers: z
      .array(
        z
          .string()
          .regex(
            /^(?:(?:nats|tls):\/\/)?[^@/\s]+$/,
            "write nats://host:port or tls://host:port; credentials go into a file that `credentials` names",
          ),
      )
      .min(1)
      .max(32)
      .default(["nats://127.0.0.1:4222"])
      .describe(
        "Servers of the backbone; TLS is used where a server offers it, and demanded when one is written tls://.",
      ),
    credentials: z
      .strictObject({
        file: z
          .string()
          .min(1)
          .describe("A .creds file or an nkey seed; read again at each connect."),
      })
      .optional()
      .describe("Who we are to the backbone; without it we connect without a name."),
    tls: z
      .strictObject({
        ca: file
          .optional()
          .describe("The CA that servers must be signed by; without it those that Node trusts."),
        cert: file
          .optional()
          .describe("Our own certificate, where servers ask for one (tls { verify: true })."),
        key: file.optional().describe("Its private key, without a passphrase."),
        server_name: z
          .string()
          .min(1)
          .max(253)
          .optional()
          .describe(
            "The name that the certificate of a server must carry, where that is not the host in `servers`.",
          ),
      })
      .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
        message: "a certificate needs its key, and a key its certificate: write both, cert and key",
      })
      .optional()
      .describe(
        "TLS is demanded of every server; files in PEM, relative to the configuration file, read again at each connect.",
      ),
    replicas: z
      .int()
      .min(1)
      .max(5)
      .default(1)
      .describe("Copies of each stream in a cluster; used when a stream is created."),
    retry_max: z
      .string()
      .transform(durationWithin(100, 600_000))
      .prefault("3s")
      .describe(
        "Longest wait between two attempts to connect or to go on after trouble; waits begin at 500ms, double, and are drawn by chance (100ms to 10m; ms once parsed).",
      ),
    retention: retentionOptions.prefault({}),
    durable_acks: z
      .boolean()
      .default(false)
      .describe(
        "The servers sync to disk before they acknowledge (sync_interval: always), so nothing need be held back for sending again.",
      ),
    window: z
      .int()
      .min(1)
      .max(2_048)
      .default(512)
      .describe("How many events may be on their way unacknowledged."),
    drain_rate: z
      .union([z.string(), z.number()])
      .transform(sizeWithin(2 ** 10, 2 ** 40))
      .optional()
      .describe(
        "For metered links: how much of a backlog is sent per second, besides what devices send meanwhile (1KiB to 1TiB; bytes once parsed); without it as fast as the link takes it.",
      ),
  })
  .describe("The NATS JetStream backbone.");

/** The parsed form of `backbone`: durations in milliseconds, sizes in bytes. */
export type BackboneOptions = z.output<typeof backboneOptions>;
