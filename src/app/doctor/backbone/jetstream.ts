import { formatSize } from "../../../core/size.ts";
import { readAccount } from "../../../stream/read-account.ts";
import type { Check } from "../check.ts";
import { error, ok, skipped, warning } from "../finding.ts";
import { isDenied } from "../is-denied.ts";

const fullAt = 0.85;

export const natsJetstream: Check = {
  id: "nats.jetstream",
  group: "backbone",
  asks: "whether JetStream is on for us, and how much room its account has",
  explanation:
    "Without JetStream nothing can be stored: write jetstream { store_dir: ... } into the configuration of the server, or switch it on for the account. Where an account reaches its limit, the server refuses what is published, and everything waits on the gateways: raise max_file of the account, or let streams keep less.",
  async run({ backbone, patienceMs }) {
    const { connection, server } = await backbone();
    try {
      const { bytes, mostBytes, streams } = await readAccount(connection, patienceMs);
      if (mostBytes === undefined)
        return [ok(`on, ${streams} streams, ${formatSize(bytes)} stored`, server)];
      const what = `${formatSize(bytes)} of ${formatSize(mostBytes)} stored in ${streams} streams`;
      if (bytes < fullAt * mostBytes) return [ok(what, server)];
      return [
        warning({
          about: server,
          what,
          why: "at its limit the server takes nothing more, and events wait on the gateways",
          next: "raise max_file of the account, or let streams keep less (backbone.retention)",
        }),
      ];
    } catch (thrown) {
      if (isDenied(thrown)) return [skipped("this user may not ask about the account", server)];
      return [
        error({
          about: server,
          what: thrown instanceof Error ? thrown.message : String(thrown),
          why: "nothing can be stored there; events wait on disk",
          next: "a line jetstream {} in the configuration of the server, or of the account",
        }),
      ];
    }
  },
};
