/** Options that many commands have. */
import { Option } from "commander";

/** Of which site. */
export const configOption = new Option("-c, --config <file>", "configuration file").default(
  "sluicegate.yaml",
);

/** Of which process. */
export const socketOption = new Option(
  "--socket <path>",
  "status socket of the gateway; default: as configured",
);

/** What cannot be taken back is asked about; these answer. */
export const yesOption = new Option("--yes", "do it without a question");
export const dryRunOption = new Option("--dry-run", "say what would be done, and do nothing");

/** For people or programs. */
export const outputOption = new Option("-o, --output <format>", "text or json")
  .choices(["text", "json"])
  .default("text");
