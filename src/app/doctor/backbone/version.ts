import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";

/** What operators miss in earlier versions; nothing of it is needed here. */
const lacks = [
  { since: 2_010, what: "does not tell its time" },
  { since: 2_010, what: "cannot sync what it acknowledges" },
  { since: 2_011, what: "gets no fixes any more" },
  { since: 2_014, what: "takes no batches, by which gateways send faster" },
] as const;

export const natsVersion: Check = {
  id: "nats.version",
  group: "backbone",
  asks: "which nats-server the backbone is, and what it lacks",
  explanation:
    "Everything works with nats-server 2.9 and newer; older ones are refused at the connect, since they drop settings of streams in silence. Newer ones bring more: with 2.10 what is acknowledged can be on disk (sync_interval: always), with 2.14 gateways send in batches, which costs the server less for each event. Servers of one cluster should be of one version: the oldest decides what the cluster can do. Update one after the other, and wait until nats.replicas is well again before the next.",
  async run({ servers }) {
    const answers = (await servers()).filter(({ version }) => version !== undefined);
    const versions = new Set(answers.map(({ version }) => version));
    if (versions.size > 1)
      return [
        warning({
          what: answers.map(({ server, version }) => `${server} ${version}`).join(", "),
          why: "the oldest server of a cluster decides what all of them can do",
          next: "bring them to one version, one after the other",
        }),
      ];
    return Array.from(versions, (version = "") => ok(`nats-server ${version}${said(version)}`));
  },
};

function said(version: string): string {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const has = Number(major) * 1_000 + Number(minor);
  const words = lacks.filter(({ since }) => has < since).map(({ what }) => what);
  return words.length === 0 ? "" : `, which ${words.join(", ")}`;
}
