import type { TryDependencies } from "../../../bridge/link.ts";
import { tryTarget } from "../../../bridge/try-target.ts";
import { maskAddress } from "../../../core/mask-secrets.ts";
import { readLinkSecrets } from "../../read-link-secrets.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok } from "../finding.ts";

export const bridgeTargets: Check = {
  id: "bridge.targets",
  group: "bridge",
  asks: "whether each target of a bridge is reached, is who it says it is, and lets us in",
  explanation:
    "A connection is opened with the certificates, the user and the password of the configuration, and closed again; an HTTP server is asked for the head of the address. Nothing is carried, and nothing is made there, so whether topics and exchanges may be written shows only at work: sluicegate status. While a target is away nothing is lost: the bridge goes on where it was, as long as the streams hold it. Look at the address, tls, username and password of the target, and at its own log.",
  async run({ clock, env, patienceMs, place, signal }) {
    const site = await place();
    return Promise.all(
      site.config.bridge.map(async (target): Promise<Finding> => {
        const about = target.name;
        const secrets: TryDependencies["secrets"] = () => readLinkSecrets(site, target, env);
        const options = { ...target, timeout: Math.min(target.timeout, patienceMs) };
        const failure = await tryTarget(options, { clock, secrets, signal });
        if (failure === undefined) return ok(`${target.kind} lets us in`, about);
        const address = target.kind === "kafka" ? target.brokers.join(", ") : target.url;
        return error({
          about,
          what: `${maskAddress(address)}: ${failure}`,
          why: "nothing is carried there; it is later, as long as the streams hold it",
          next: "mend the target or its options under bridge:, then sluicegate doctor --only bridge.targets",
        });
      }),
    );
  },
};
