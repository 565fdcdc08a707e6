import { pathIn } from "../../../config/path-in.ts";
import { judgeCertificateFile } from "../certificate.ts";
import type { Check } from "../check.ts";

export const natsTls: Check = {
  id: "nats.tls",
  group: "backbone",
  asks: "how long our certificate for the backbone counts",
  explanation:
    "Servers that ask for certificates refuse one that is over, and the gateway buffers until it has another. Put the renewed certificate and key in place of backbone.tls.cert and backbone.tls.key: they are read at each connect, and looked at while one is refused.",
  async run({ clock, place }) {
    const { config, folder } = await place();
    const { cert } = config.backbone.tls ?? {};
    if (cert === undefined) return [];
    return [
      await judgeCertificateFile(pathIn(folder, cert), clock.wallMs(), {
        about: cert,
        why: "servers of the backbone refuse a certificate that does not count",
        next: `renew it and put it in place of ${cert}; it is read again by itself`,
      }),
    ];
  },
};
