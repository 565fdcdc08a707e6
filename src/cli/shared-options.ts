/** Options that many commands have. */
import { Option } from "commander";
import { usualConfig } from "../config/site/usual-config.ts";

/** Of which site. */
export const configOption = new Option("-c, --config <file>", "configuration file").default(
  usualConfig(),
  "sluicegate.yaml here, else /etc/sluicegate/sluicegate.yaml",
);

/** Of which process. */
export const socketOption = new Option(
  "--socket <path>",
  "status socket of the gateway; default: as configured",
);

/** Which gateway or hub elsewhere; this machine where neither is given and no context is in use. */
export const contextOption = new Option("--context <name>", "ask this one of context ls");
export const addrOption = new Option(
  "--addr <url>",
  "ask the API there, with the token of the context that has this address",
);

/** What cannot be taken back is asked about; these answer. */
export const yesOption = new Option("--yes", "do it without a question");
export const dryRunOption = new Option("--dry-run", "say what would be done, and do nothing");

/** For people or programs. */
export const outputOption = new Option("-o, --output <format>", "text or json")
  .choices(["text", "json"])
  .default("text");
