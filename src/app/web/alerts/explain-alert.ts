/**
 * Why an alert is as it is, a line each: asked of a processor of this process, where one judges it, else
 * by what the last checkpoint on the backbone says.
 */
import type { AlertView } from "../../../alerts/alert-view.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import type { Clock } from "../../../core/clock.ts";
import { formatTime } from "../../../core/event-codec.ts";
import { inSlices } from "../../../core/in-slices.ts";
import { isObject } from "../../../core/is-object.ts";
import type { Questions } from "../../../core/question.ts";
import { checkpointsBucket, partitionOf } from "../../../core/subject.ts";
import { checkpointKey, readCheckpoint } from "../../../processor/checkpoint.ts";
import { openRuleEngine } from "../../../rules/engine.ts";
import { joinMemory } from "../../../rules/engine-snapshot.ts";
import type { RuleEngine } from "../../../rules/rule-engine.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import { openReadOnlyBucket } from "../../../stream/read-only-bucket.ts";
import { engineRules } from "../../rules-in-force.ts";
import { overBackbone } from "../over-backbone.ts";

const atGateway = "its gateway judges it itself, and knows why: ask there";

export interface ExplainDependencies {
  readonly backbone: Backbone;
  readonly clock: Clock;
  readonly questions: () => Questions;
  readonly site: () => LoadedSite;
}

/** What a checkpoint remembers, ready to be asked. */
interface Recalled {
  readonly partition: number;
  readonly savedMs: number;
  readonly site: LoadedSite;
  readonly engine: Pick<RuleEngine, "explain">;
}

export class AlertExplainer {
  readonly #deps: ExplainDependencies;
  /** The one that was asked last: who opens a page opens the next one soon. */
  #recalled: Recalled | undefined;

  constructor(deps: ExplainDependencies) {
    this.#deps = deps;
  }

  async explain(view: AlertView): Promise<readonly string[]> {
    const { last } = view;
    if (!last) return [];
    const isOfGateway = last.evaluated === "edge";
    const { device = "" } = last.labels;
    const question = isOfGateway ? "explain-edge-alert" : "explain-alert";
    const answer: unknown = await this.#deps.questions()[question]?.({ alert: last.rule, device });
    const here = linesIn(isObject(answer) ? answer["instances"] : undefined, view);
    if (here.length > 0) return here;
    if (isOfGateway) return [atGateway];
    return this.#bySaved(view, last.rule, device).catch(() => [
      "what the processor remembers cannot be read now",
    ]);
  }

  async #bySaved(view: AlertView, rule: string, device: string): Promise<readonly string[]> {
    const recalled = await this.#recall(partitionOf(view.site));
    if (!recalled) return ["no processor has judged this site yet"];
    const lines = linesIn(recalled.engine.explain(rule, device), view);
    if (lines.length === 0) return ["the rules here say nothing of it any more"];
    return [`as it was saved at ${formatTime(recalled.savedMs)}`, ...lines];
  }

  #recall(partition: number): Promise<Recalled | undefined> {
    const { backbone, clock } = this.#deps;
    const site = this.#deps.site();
    return overBackbone(backbone, async (connection) => {
      const bucket = await openReadOnlyBucket(connection, checkpointsBucket);
      const head = await bucket?.get(checkpointKey(partition));
      if (!bucket || !head) return undefined;
      const { savedMs } = head;
      const known = this.#recalled;
      if (known?.partition === partition && known.savedMs === savedMs && known.site === site)
        return known;
      const { checkpoint } = await readCheckpoint(bucket, partition);
      const snapshot = checkpoint && joinMemory(checkpoint.memory.head, checkpoint.memory.parts);
      if (!snapshot) return undefined;
      const { reserved, rules } = engineRules(site, site.rules.groups);
      const engine = await inSlices(openRuleEngine(rules, snapshot, reserved), clock);
      this.#recalled = { partition, savedMs, site, engine };
      return this.#recalled;
    });
  }
}

/** Of the instances that a rule engine explains, those of the alert. */
function linesIn(instances: unknown, { last, site }: AlertView): string[] {
  const gateway = last?.labels["gateway"];
  return (Array.isArray(instances) ? instances : [])
    .filter(isObject)
    .filter((one) => one["site"] === site && (gateway === undefined || one["gateway"] === gateway))
    .flatMap(linesOf);
}

/** What a rule engine says of one instance, a line each. */
export function linesOf(instance: Readonly<Record<string, unknown>>): string[] {
  const { due, facts, judgedTo, reasons, state } = instance;
  const texts = [reasons, facts].flatMap((list) => (Array.isArray(list) ? list : []));
  return [
    `it is ${String(state)}${judgedTo === undefined ? "" : `, judged up to ${String(judgedTo)}`}`,
    ...texts.filter((text) => typeof text === "string"),
    ...(typeof due === "string" ? [`it changes at ${due} if nothing else comes`] : []),
  ];
}
