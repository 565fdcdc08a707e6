import { maskAddress } from "../../../core/mask-secrets.ts";
import { parseBrokerUrl } from "../../../sources/mqtt-client/broker-url.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, warning } from "../finding.ts";
import { reach } from "../reach.ts";

export const outsideBrokers: Check = {
  id: "mqtt.outside",
  group: "inputs",
  asks: "whether brokers outside are reached, and give us what we subscribe to",
  explanation:
    "While the gateway runs, it says itself how it is: connected or why not, and which topics the broker does not let it have. While it does not run, only the way to the broker is tried: nobody logs in, since a second client under the same name would take over the session and its messages.",
  async run(around) {
    const { config } = await around.place();
    const { gateway } = await around.roles();
    const brokers = config.sources.filter((source) => source.kind === "mqtt-client");
    return Promise.all(
      brokers.map(async ({ url }): Promise<Finding> => {
        const about = maskAddress(url);
        const next = "look at url, user, password and tls of the source, and at the broker's log";
        const source = gateway?.sources.find(({ address }) => address.includes(url));
        if (source?.link) {
          const { isConnected, reason } = source.link;
          if (!isConnected)
            return error({
              about,
              what: reason ?? "no connection",
              why: "what devices send there waits at the broker, as long as it keeps it",
              next,
            });
          const [refusal] = source.refusals ?? [];
          if (refusal)
            return warning({
              about,
              what: `${refusal.what} (${refusal.reason}), ${refusal.count} times${refusal.last.topic === undefined ? "" : `, last ${refusal.last.topic}`}`,
              why: "some messages do not come in",
              next: "sluicegate status says more; look at the rights of the user at the broker",
            });
          return ok("connected", about);
        }
        const parsed = parseBrokerUrl(url);
        if ("problem" in parsed)
          return error({ about, what: parsed.problem, why: "it is no address", next });
        const failure = await reach(parsed, around);
        if (failure === undefined) return ok("can be reached; nobody logged in", about);
        return error({ about, what: failure, why: "the gateway could not fetch from it", next });
      }),
    );
  },
};
