/** What can be typed of commands about the backbone itself. */
import { type Command, Option } from "commander";
import { addExamples } from "./examples.ts";
import { configOption, outputOption } from "./shared-options.ts";

/** `backbone`, `nats-permissions`. */
export function addBackboneWords(program: Command): void {
  const backbone = program
    .command("backbone")
    .description("what an administrator does on the backbone");

  addExamples(
    backbone
      .command("prepare")
      .description(
        "make the streams and buckets that are missing, so that no role needs the right to make them",
      )
      .argument("[site/gateway...]", "gateways to prepare for; default: that of the configuration")
      .addOption(configOption)
      .option("--nats <url>", "this server in place of backbone.servers")
      .option("--credentials <file>", "seed or .creds of the administrator")
      .option("--dry-run", "say what would be made, and make nothing")
      .option("--anew", "make copies of commands again that stand still; nothing is lost by that")
      .addOption(outputOption)
      .action(async (names, options) =>
        (await import("./backbone-prepare.ts")).runPrepare(names, options),
      ),
    {
      "sluicegate backbone prepare": "for the gateway of this configuration",
      "sluicegate backbone prepare plant-a/gw1 plant-a/gw2 --dry-run":
        "say what is missing for two gateways",
    },
  );

  addExamples(
    program
      .command("nats-permissions")
      .description(
        "print users with least rights for nats-server: an account for each gateway, a user for each role",
      )
      .argument(
        "<site/gateway...>",
        "all gateways of the hub; =U... behind one: its seed is elsewhere, this is its public key",
      )
      .option(
        "--seeds <folder>",
        "where seeds are kept, and written where one is missing",
        "nats-seeds",
      )
      .addOption(
        new Option(
          "--form <form>",
          "for a configuration file of nats-server, or the claims of JWTs",
        )
          .choices(["server", "claims"])
          .default("server"),
      )
      .action(async (names, options) =>
        (await import("./nats-permissions.ts")).runPermissions(names, options),
      ),
    {
      "sluicegate nats-permissions plant-a/gw1 plant-a/gw2 > users.conf":
        "two gateways and the roles of the hub",
      "sluicegate nats-permissions plant-a/gw1 --form claims": "the same as claims of JWTs",
    },
  );
}
