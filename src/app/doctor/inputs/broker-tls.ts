import { pathIn } from "../../../config/path-in.ts";
import { isLoopback, parseListenAddress } from "../../../core/listen-address.ts";
import { judgeCertificateFile } from "../certificate.ts";
import type { Check } from "../check.ts";
import { type Finding, ok, warning } from "../finding.ts";

export const brokerTls: Check = {
  id: "mqtt.tls",
  group: "inputs",
  asks: "whether what devices send is encrypted, and how long the broker's certificate counts",
  explanation:
    "Without TLS whoever is in the same network reads passwords of devices and what they send. Write tls: { cert, key } at the source. Certificates are read again when their files change; devices stay connected.",
  async run({ clock, place }) {
    const { config, folder } = await place();
    const findings: Finding[] = [];
    for (const source of config.sources) {
      if (source.kind !== "mqtt-broker") continue;
      const about = source.listen;
      const isHere = isLoopback(parseListenAddress(about)?.host ?? "");
      if (source.tls)
        findings.push(
          await judgeCertificateFile(pathIn(folder, source.tls.cert), clock.wallMs(), {
            about,
            why: "devices refuse the broker with a certificate that does not count",
            next: `renew it and put it in place of ${source.tls.cert}; it is read again by itself`,
          }),
        );
      else if (isHere) findings.push(ok("not encrypted, and on this machine", about));
      else
        findings.push(
          warning({
            about,
            what: "not encrypted",
            why: "passwords of devices and what they send can be read in their network",
            next: "write tls: { cert: ..., key: ... } at this source",
          }),
        );
    }
    return findings;
  },
};
