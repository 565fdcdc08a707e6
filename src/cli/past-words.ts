/** What can be typed of commands about what was. */
import { type Command, Option } from "commander";
import { addExamplesBelow } from "./examples.ts";
import {
  addrOption,
  configOption,
  contextOption,
  outputOption,
  socketOption,
} from "./shared-options.ts";

const natsOption = new Option("--nats <url>", "the backbone; default: as configured");

function addPlace(command: Command): Command {
  return command.addOption(configOption).addOption(socketOption).addOption(natsOption);
}

function addFilter(command: Command): Command {
  return command
    .option("--since <time>", "received since then: 2h, 3d, 14:02, or 2026-11-21T14:00:00Z")
    .option("--until <time>", "received before then")
    .option("--device <glob>", "only of these devices, such as freezer-*")
    .option("--gateway <glob>", "only of these gateways")
    .option("--site <glob>", "only of these sites")
    .option("--kind <kinds>", "only these, such as status,measurement")
    .option("--metric <glob>", "only measurements with such a metric")
    .option("-f, --follow", "go on with what comes");
}

/** `events`, `trace`, `state`, `record`, `replay`. */
export function addPastWords(program: Command): void {
  const events = program
    .command("events")
    .description(
      "what was stored, as gateways received it; of the last hour where nothing is said",
    );
  addFilter(addPlace(events))
    .addOption(contextOption)
    .addOption(addrOption)
    .option("--limit <n>", "with --since: the first so many; else the newest, whenever that was")
    .addOption(
      new Option("-o, --output <format>", "text or ndjson")
        .choices(["text", "ndjson"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\nKinds of gateways: measurement, status, rejection, gap, watermark, device, reply,\n" +
        "alert-transition, decision; of other streams: alert, action, derived, command.",
    )
    .action(async (options) => (await import("./events.ts")).listEvents(options));
  addPlace(events.command("show").description("one event whole"))
    .argument("<id>", "as events lists it")
    .addOption(outputOption)
    .action(async (id, options) => (await import("./events.ts")).showEvent(id, options));

  addPlace(program.command("trace"))
    .description("the way of one event: when it was where, by whose clock, and how long that took")
    .argument("<id>", "of an event, a change of an alert, a command; events lists them")
    .addOption(outputOption)
    .addHelpText(
      "after",
      "\nExamples:\n  sluicegate trace gw1.k3f9x2ab.918273\n" +
        "  sluicegate trace gw1.k3f9x2ab.918273 -o json\n\n" +
        "What nobody kept is said to be not known. A hop may take less than nothing, where two\n" +
        "clocks disagree. When an event was written to disk only its gateway knows, while it runs.",
    )
    .action(async (id, options) => (await import("./trace.ts")).traceEvent(id, options));

  addPlace(program.command("state").description("how a device or an alert was at a moment"))
    .argument("<name>", "a device; an alert by its rule, or its id or the beginning of it")
    .argument("[device]", "of an alert: of which device")
    .option("--at <time>", "14:02, 2h for two hours ago, or 2026-11-21T14:00:00Z", "now")
    .option("--as-known", "only what the backbone held by then; else what came late counts, too")
    .option("--gateway <glob>", "where several have a device of that name")
    .option("--site <glob>", "only there")
    .addOption(outputOption)
    .action(async (name, device, options) =>
      (await import("./state.ts")).showState(name, device, options),
    );

  addFilter(addPlace(program.command("record")))
    .description("write events to a file as they stand in the streams, one a line; all there are")
    .requiredOption("-o, --output <file>", "a new file, or - for standard output")
    .action(async (options) => (await import("./record.ts")).record(options));

  addPlace(program.command("replay"))
    .description("play recorded events into the stream of a gateway, each once")
    .argument("[file]", "a recording; - for standard input")
    .option("--from-stream <gateway>", "in place of a file: what the stream of this gateway holds")
    .requiredOption("--to <url>", "the nats-server to play to")
    .option("--as <gateway>", "under this name; default: as they were")
    .option("--speed <n>", "1x as they were received, 10x, or max", "max")
    .addOption(
      new Option(
        "--rebase <time>",
        "as if the first were received now; default: times as they were",
      ).choices(["now"]),
    )
    .option("--since <time>", "received since then")
    .option("--until <time>", "received before then")
    .option("--gateway <glob>", "only of these gateways")
    .option("--i-mean-it", "also where other gateways write, or something else stands there")
    .action(async (file, options) => (await import("./replay.ts")).runReplay(file, options));

  addExamplesBelow(program, {
    events: {
      'sluicegate events --since 2h --kind measurement --device "sim-*"':
        "readings of the last two hours",
      "sluicegate events --limit 5 -o ndjson": "the newest five, as a recording has them",
    },
    trace: {
      "sluicegate trace gw1.k3f9x2ab.918273": "when it was where",
      "sluicegate trace gw1.k3f9x2ab.918273 -o json": "for programs",
    },
    state: {
      "sluicegate state sim-freezer-01": "how it is now",
      "sluicegate state sim-freezer-01 --at 2h --as-known -o json": "what was known two hours ago",
    },
    record: {
      "sluicegate record -o week.ndjson --since 7d": "the last week into a new file",
      "sluicegate record -o - --since 1h --kind measurement": "to standard output",
    },
    replay: {
      "sluicegate replay week.ndjson --to nats://127.0.0.1:4222 --as trial --rebase now":
        "under another name, as if it were now",
      "sluicegate replay --from-stream gw1 --to nats://127.0.0.1:4222 --as trial2":
        "what the stream of a gateway holds",
    },
  });

  addExamplesBelow(events, {
    show: {
      "sluicegate events show gw1.k3f9x2ab.918273": "one whole",
      "sluicegate events show gw1.k3f9x2ab.918273 -o json": "for programs",
    },
  });
}
