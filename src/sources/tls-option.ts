import * as z from "zod";

const file = z.string().min(1);

/** `tls` of a kind that waits for its devices: files in PEM, relative to the configuration file. */
export const tlsOption = z.strictObject({
  cert: file.describe(
    "The certificate of this gateway, with those between it and its CA behind it.",
  ),
  key: file.describe("Its private key, without a passphrase."),
  client_ca: file
    .optional()
    .describe(
      "The CA whose certificates devices must show; the common name of a device's is its user.",
    ),
});

/** The parsed form. */
export type TlsOption = z.output<typeof tlsOption>;
