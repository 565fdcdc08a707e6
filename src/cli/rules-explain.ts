/** `sluicegate rules explain`: why an alert of a device fires, or why it does not. */
import { explainAt } from "../app/explain-alert.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { printable } from "../core/printable.ts";
import { suggest } from "../core/suggest.ts";
import { reservedNames } from "../rules/reserved/chosen-rules.ts";
import { reservedGroup } from "../rules/reserved/reserved-rules.ts";
import type { TrialRules } from "../rules/trial/run-trial.ts";
import { askProcessor } from "./ask-processor.ts";
import { atAlertDesk } from "./at-alert-desk.ts";
import { givenRules } from "./backtest-rules.ts";
import { explanationLines, handlingLines, sampleLine } from "./explain-text.ts";
import { printAnswer } from "./print-answer.ts";
import { serversOf } from "./servers-of.ts";
import { placeOf } from "./site.ts";
import { timeFlag } from "./time-flag.ts";

export interface ExplainOptions {
  readonly config: string;
  readonly socket?: string;
  readonly nats?: string;
  readonly at?: string;
  readonly output: "text" | "json";
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * Asks the processor that runs here, then the gateway that judges rules itself, else hears the streams
 * again; at a moment always the latter.
 */
export async function explainRule(
  alert: string,
  device: string,
  options: ExplainOptions,
): Promise<void> {
  const live = options.at === undefined ? await askHere(alert, device, options) : [];
  const found =
    live.length > 0 ? { instances: live, samples: [] } : await hearAgain(alert, device, options);
  const handling = options.at === undefined ? await handlingOf(found.instances, options) : [];
  printAnswer(options, "rules-explain/1", { ...found, handling }, () => [
    ...found.instances.flatMap(explanationLines),
    ...found.samples,
    ...handling,
  ]);
}

async function askHere(
  alert: string,
  device: string,
  options: ExplainOptions,
): Promise<readonly Plain[]> {
  for (const question of ["explain-alert", "explain-edge-alert"]) {
    const answer = await askProcessor(question, options, { alert, device });
    const found = answer?.["instances"];
    if (Array.isArray(found) && found.length > 0) return found.filter(isObject);
  }
  return [];
}

async function hearAgain(
  alert: string,
  device: string,
  options: ExplainOptions,
): Promise<{ readonly instances: readonly Plain[]; readonly samples: readonly string[] }> {
  const rules = await givenRules([], options.config);
  requireAlert(alert, rules);
  const place = await placeOf(options.config);
  const servers = await serversOf(place, options);
  const atMs = options.at === undefined ? systemClock.wallMs() : timeFlag("--at", options.at);
  const { instances, samples } = await explainAt(place, servers, rules, { alert, device, atMs });
  if (instances.length === 0)
    throw new GatewayError(
      "not-found",
      `no gateway ${options.at === undefined ? "has" : "had"} told of a device ${device}, and none is called so; sluicegate devices ls lists them`,
    );
  return { instances: instances.map((view) => ({ ...view })), samples: sampleLine(samples) };
}

function requireAlert(alert: string, { rules }: TrialRules): void {
  const names = rules.rules.flatMap(({ alert: name, id }) => [name, id]);
  if (names.includes(alert)) return;
  if (reservedNames.some((name) => name === alert || `${reservedGroup}/${name}` === alert))
    throw new GatewayError(
      "usage",
      `${alert} comes with the program, and nothing that runs here explains it: sluicegate rules ls says whether it is on, sluicegate alerts show ${alert} how it is once it has fired`,
    );
  const meant = suggest(alert, names);
  const advice = meant
    ? `did you mean ${meant}?`
    : `rules ls lists them; one of another machine is explained there, alerts show ${alert} says how it is`;
  throw new GatewayError("not-found", `no rule is ${alert}; ${advice}`);
}

/** What people did about it; nothing where the backbone does not answer. */
async function handlingOf(
  instances: readonly Plain[],
  options: ExplainOptions,
): Promise<readonly string[]> {
  const lines: string[] = [];
  await atAlertDesk(options, async (desk) => {
    const { board, heads } = await desk.read();
    const nowMs = systemClock.wallMs();
    const isOf = ({ device = "", gateway = "", site = "" }: Plain): string =>
      JSON.stringify([site, gateway, device]);
    const explained = new Set(instances.map((each) => `${String(each["rule"])} ${isOf(each)}`));
    const named = [...heads.values()].filter(({ labels, rule }) =>
      explained.has(`${rule} ${isOf(labels)}`),
    );
    for (const { instance } of named) {
      const view = board.view(instance, nowMs);
      if (view) lines.push(...handlingLines(view));
    }
  }).catch((thrown: unknown) => {
    const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot read the alerts");
    process.stderr.write(`(what people did about it is not known: ${printable(message)})\n`);
  });
  return lines;
}
