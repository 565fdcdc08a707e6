/** What can be typed of commands about the audit log. */
import type { Command } from "commander";
import { addExamples } from "./examples.ts";
import { configOption, outputOption } from "./shared-options.ts";

/** `audit`. */
export function addAuditWords(program: Command): void {
  const audit = program
    .command("audit")
    .description("who did what, and who was refused: the logs in the data folder");
  addExamples(
    audit
      .command("ls")
      .description("entries, the newest last")
      .addOption(configOption)
      .option("--since <time>", "2h, 3d, 14:02 (UTC) or 2026-11-21T14:00:00Z")
      .option("--action <name>", "only this one, such as sign-in, mqtt-login or reload")
      .option("--by <name>", "only what this user, client or program did")
      .option("--refused", "only what was refused")
      .option("--limit <count>", "the newest so many", "100")
      .addOption(outputOption)
      .action(async (options) => (await import("./audit.ts")).listAudit(options)),
    {
      "sluicegate audit ls --since 2h": "what was done in the last two hours",
      "sluicegate audit ls --refused --action mqtt-login": "devices that were not let in",
    },
  );
  addExamples(
    audit
      .command("verify")
      .description("is every entry there as it was written? exit 1 where not, with the first place")
      .addOption(configOption)
      .option("--mark <mark>", "an end that the journal or an earlier verify told")
      .addOption(outputOption)
      .action(async (options) => (await import("./audit.ts")).verifyAudits(options)),
    {
      "sluicegate audit verify": "hold each entry against the one before",
      "sluicegate audit verify -o json": "the same, for programs",
    },
  );
}
