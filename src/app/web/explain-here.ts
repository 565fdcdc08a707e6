/** Why an alert is as it is: asked of a processor of this process, where it has that alert. */
import type { AlertView } from "../../alerts/alert-view.ts";
import { isObject } from "../../core/is-object.ts";
import type { Questions } from "../../core/question.ts";

const atGateway = "its gateway judges it itself, and knows why: ask there";
const notHere = "no processor of this process judges it: ask where one runs";

export async function explainHere(
  { last, site }: AlertView,
  questions: Questions,
): Promise<readonly string[]> {
  if (!last) return [];
  if (last.evaluated === "edge") return [atGateway];
  const ask = questions["explain-alert"];
  if (!ask) return [notHere];
  const { device = "", gateway } = last.labels;
  const answer: unknown = await ask({ alert: last.rule, device });
  const instances = isObject(answer) ? answer["instances"] : undefined;
  if (!Array.isArray(instances)) return [notHere];
  const lines = instances
    .filter(isObject)
    .filter((one) => one["site"] === site && (gateway === undefined || one["gateway"] === gateway))
    .flatMap(linesOf);
  return lines.length > 0 ? lines : [notHere];
}

function linesOf(instance: Readonly<Record<string, unknown>>): string[] {
  const { due, facts, judgedTo, reasons, state } = instance;
  const texts = [reasons, facts].flatMap((list) => (Array.isArray(list) ? list : []));
  return [
    `it is ${String(state)}${judgedTo === undefined ? "" : `, judged up to ${String(judgedTo)}`}`,
    ...texts.filter((text) => typeof text === "string"),
    ...(typeof due === "string" ? [`it changes at ${due} if nothing else comes`] : []),
  ];
}
