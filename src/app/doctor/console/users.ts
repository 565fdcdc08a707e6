import { readFile } from "node:fs/promises";
import { pathIn } from "../../../config/path-in.ts";
import { systemCode, systemReason } from "../../../core/system-reason.ts";
import type { Check } from "../check.ts";
import { error, ok, skipped, warning } from "../finding.ts";

export const consoleUsers: Check = {
  id: "console.users",
  group: "console",
  asks: "whether anybody may sign in to the console",
  explanation:
    "People who may sign in stand in the file of console.users; sluicegate console-users add writes it. Whoever may open the status socket gets in without: sluicegate console prints a link that signs in as admin, once, for ten minutes.",
  async run({ place }) {
    const { config, folder } = await place();
    if (config.console.listen === undefined) return [];
    const path = pathIn(folder, config.console.users);
    const next = "sluicegate console-users add NAME --role operator";
    try {
      const text = await readFile(path, "utf8");
      const people = text.split("\n").filter((line) => /^[^#\s]/.test(line)).length;
      if (people > 0) return [ok(`${path} has people in it`)];
    } catch (thrown) {
      if (systemCode(thrown) === "EACCES") return [skipped(`this user may not read ${path}`)];
      if (systemCode(thrown) !== "ENOENT")
        return [
          error({ what: `${path}: ${systemReason(thrown)}`, why: "nobody can sign in", next }),
        ];
    }
    return [
      warning({
        what: `nobody may sign in: ${path} names no one`,
        why: "the console can only be opened with a link from this machine",
        next,
      }),
    ];
  },
};
