/** What the configuration may say about what is served to browsers and programs. */
import * as z from "zod";
import { durationWithin } from "../schema/bounded.ts";
import { listenOption } from "../schema/listen-option.ts";
import { parseNetwork } from "./trusted-proxies.ts";

const file = z.string().min(1).max(4096);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function duration(minMs: number, maxMs: number) {
  return z.string().transform(durationWithin(minMs, maxMs));
}

/** `console`: the web page and the HTTP API. */
export const consoleOptions = z
  .strictObject({
    listen: listenOption
      .optional()
      .describe(
        "Host and port of the web console and the HTTP API; port 0 takes a free one. Without it there is none, but sluicegate up and demo open one on 127.0.0.1. Any host but a loopback address needs users.",
      ),
    public_url: z
      .string()
      .max(1024)
      .regex(/^https?:\/\/[^/?#\s@]+\/?$/, 'write it as browsers do: "https://console.example"')
      .transform((url) => new URL(url).origin)
      .optional()
      .describe(
        "Where browsers find it, when a reverse proxy stands before it: scheme and host, no path. The proxy must then say in X-Forwarded-For who asks.",
      ),
    proxies: z
      .array(
        z
          .string()
          .refine(
            (text) => parseNetwork(text) !== undefined,
            'write an address, or a network such as "10.0.0.0/8"',
          ),
      )
      .max(64)
      .default([])
      .describe(
        "Reverse proxies on other machines: X-Forwarded-For counts where one of them, or this machine, says it.",
      ),
    tls: z
      .strictObject({
        cert: file.describe("The certificate, with those between it and its CA behind it."),
        key: file.describe("Its private key, without a passphrase."),
        client_ca: file
          .optional()
          .describe(
            "The CA whose certificates visitors must show; the common name of one is that of a user or a token. They sign in all the same.",
          ),
      })
      .optional()
      .describe("Served over HTTPS; files in PEM, read again when they change."),
    users: file
      .default("console-users")
      .describe(
        "File with the people who may sign in, relative to the configuration file; sluicegate console-users writes it.",
      ),
    tokens: file
      .default("console-tokens")
      .describe(
        "File with the tokens of programs that may ask, relative to the configuration file; sluicegate tokens writes it.",
      ),
    session: z
      .strictObject({
        idle: duration(minuteMs, 24 * hourMs)
          .prefault("8h")
          .describe("Who asks nothing for so long is signed out (1m to 24h)."),
        most: duration(5 * minuteMs, 7 * 24 * hourMs)
          .prefault("24h")
          .describe("Whoever signed in so long ago is signed out (5m to 7d)."),
      })
      .prefault({})
      .describe("How long people stay signed in."),
  })
  .describe("The web console and the HTTP API.");

export type ConsoleOptions = z.output<typeof consoleOptions>;
