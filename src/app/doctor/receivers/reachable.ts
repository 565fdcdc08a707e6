import { readSecret } from "../../../config/secrets.ts";
import { machineFiles } from "../../../config/site/site-files.ts";
import { GatewayError } from "../../../core/errors.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok } from "../finding.ts";
import { reach } from "../reach.ts";
import { targetsOf } from "./targets-of.ts";

export const receiversReachable: Check = {
  id: "receivers.reach",
  group: "receivers",
  asks: "whether each receiver of alerts can be reached; nobody is told of anything",
  explanation:
    "A connection is opened and closed again. Whether a receiver takes notices is what sluicegate notify test shows: it tells of an alert that is none. Where the secret of a receiver is missing, a notifier does not start (config.secret-missing).",
  async run(around) {
    const { config, folder } = await around.place();
    const places = { ...machineFiles(around.env), folder };
    const reveal = async (reference: Parameters<typeof readSecret>[0]): Promise<string> =>
      (await readSecret(reference, places)).reveal();
    const entries = Object.entries(config.notify.receivers);
    return Promise.all(
      entries.map(async ([about, receiver]): Promise<Finding> => {
        const next = `sluicegate notify test ${about}, when it is mended`;
        const why = "people are not told of alerts; they wait, and become dead letters";
        try {
          const targets = await targetsOf(receiver, reveal);
          const failures = await Promise.all(targets.map((target) => reach(target, around)));
          const what = failures.filter((failure) => failure !== undefined).join("; ");
          if (what !== "") return error({ about, what, why, next });
          return ok(targets.length === 0 ? "the journal" : "can be reached", about);
        } catch (thrown) {
          if (thrown instanceof GatewayError)
            return error({ about, what: thrown.message, why, next });
          return error({ about, what: "its address is none", why, next });
        }
      }),
    );
  },
};
