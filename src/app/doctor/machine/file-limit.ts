import type { Check } from "../check.ts";
import { error, ok, skipped, warning } from "../finding.ts";
import { systemText } from "../system-text.ts";

/** Segments, sockets to the backbone, databases and receivers, and what Node has open itself. */
const ownFiles = 128;

export const fileLimit: Check = {
  id: "limits.files",
  group: "machine",
  asks: "whether a process may have as many files open as devices may connect",
  explanation:
    "Each connection is an open file. Where the limit is lower than what the brokers of the configuration take, the last devices are refused with words of the system. Set LimitNOFILE= in the unit, or ulimit -n in the shell that starts it; or lower limits.max_clients of the source.",
  async run(around) {
    const { config } = await around.place();
    const clients = config.sources.reduce(
      (sum, source) => sum + (source.kind === "mqtt-broker" ? source.limits.max_clients : 0),
      0,
    );
    const { pid } = await around.roles();
    const text = await systemText(around, `proc/${pid ?? "self"}/limits`);
    const limit = /^Max open files\s+(\S+)/m.exec(text ?? "")?.[1];
    if (limit === undefined) return [skipped("the system does not tell the limit of open files")];
    const whose = pid === undefined ? "of this shell" : `of process ${pid}`;
    const most = limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
    const what = `${limit} files ${whose}; ${clients} clients may connect`;
    if (most >= clients + ownFiles) return [ok(what)];
    const bad = {
      what,
      why: "the last devices are refused before limits.max_clients is reached",
      next: `LimitNOFILE=${clients + 4 * ownFiles} in the unit, or a lower limits.max_clients`,
    };
    return [most < 2 * ownFiles ? error(bad) : warning(bad)];
  },
};
