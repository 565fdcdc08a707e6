import { isLoopback } from "../../../core/listen-address.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";

export const natsAuth: Check = {
  id: "nats.auth",
  group: "backbone",
  asks: "whether the backbone asks who we are",
  explanation:
    "A server that asks nobody lets whoever reaches it read, forge and delete everything. Give each gateway and role a user of its own with the rights it needs: sluicegate nats-permissions writes them, and backbone.credentials names the file of this one.",
  async run({ backbone }) {
    const { connection, options, server } = await backbone();
    const { auth_required: isAsked, tls_verify: isVerified } = connection.info ?? {};
    if (isAsked || isVerified) return [ok("it asks who we are", server)];
    const { hostname } = new URL(server.includes("://") ? server : `nats://${server}`);
    if (isLoopback(hostname)) return [ok("it asks nobody, and is on this machine", server)];
    const why = "whoever reaches it may read, forge and delete everything";
    const without = options.credentials ? "it has no use for our credentials" : "it asks nobody";
    return [
      warning({ about: server, what: without, why, next: "sluicegate nats-permissions --help" }),
    ];
  },
};
