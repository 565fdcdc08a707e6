import { pathIn } from "../../../config/path-in.ts";
import { isLoopback, parseListenAddress } from "../../../core/listen-address.ts";
import { judgeCertificateFile } from "../certificate.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";

export const consoleTls: Check = {
  id: "console.tls",
  group: "console",
  asks: "whether people reach the console encrypted, and how long its certificate counts",
  explanation:
    "Without TLS whoever is in the same network reads the passwords of people who sign in. Write console.tls: { cert, key }, or put a reverse proxy with HTTPS before it and write console.public_url. Certificates are read again when their files change.",
  async run({ clock, place }) {
    const { config, folder } = await place();
    const { listen, public_url: publicUrl, tls } = config.console;
    if (listen === undefined) return [];
    if (tls)
      return [
        await judgeCertificateFile(pathIn(folder, tls.cert), clock.wallMs(), {
          about: listen,
          why: "browsers and programs refuse the console with a certificate that does not count",
          next: `renew it and put it in place of ${tls.cert}; it is read again by itself`,
        }),
      ];
    if (publicUrl?.startsWith("https:")) return [ok(`behind ${publicUrl}`)];
    if (isLoopback(parseListenAddress(listen)?.host ?? ""))
      return [ok("not encrypted, and on this machine", listen)];
    return [
      warning({
        about: listen,
        what: "not encrypted",
        why: "passwords of people who sign in can be read in their network",
        next: "write console.tls: { cert: ..., key: ... }",
      }),
    ];
  },
};
