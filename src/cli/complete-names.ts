/** Names of what runs here, for completion: as many as come in time. */
import { errorCodes } from "../core/error-codes.ts";
import { isObject } from "../core/is-object.ts";

/** A shell waits for this at each Tab. */
const patienceMs = 300;

export interface Where {
  readonly config?: string;
  readonly socket?: string;
  /** Arguments in front. */
  readonly given?: readonly string[];
}

/** Of a kind of thing, as an argument or a flag is called; nothing where nobody answers in time. */
export async function namesNow(kind: string, where: Where): Promise<readonly string[]> {
  const find = finders[kind];
  if (find === undefined) return [];
  const late = new Promise<readonly string[]>((resolve) => {
    // Whatever still waits then is of no use: the process ends with its answer.
    setTimeout(() => resolve([]), patienceMs).unref();
  });
  return Promise.race([find(where).catch(() => []), late]);
}

const finders: Readonly<Record<string, (where: Where) => Promise<readonly string[]>>> = {
  device: (where) => ask(where, "devices", { limit: "2000" }, "devices", "device"),
  command: (where) =>
    ask(where, "device-commands", { device: where.given?.[0] ?? "" }, "commands", "name"),
  alert: (where) => alertNames(where),
  metric: (where) => ask(where, "metric-names", {}, "metrics", "name"),
  code: async () => {
    const { allExplanations } = await import("./all-explanations.ts");
    const { faultKindCodes } = await import("../explain/fault-kinds.ts");
    return [...Object.keys(errorCodes), ...allExplanations.keys(), ...faultKindCodes()];
  },
  stage: async () => ["received", "normalized", "late", "rejected", "sent"],
  role: async () => (await import("../app/roles.ts")).roleNames,
};

/** Of the rules that the processor of this machine runs. */
async function alertNames({ config = "sluicegate.yaml", socket }: Where): Promise<string[]> {
  const { askProcessor } = await import("./ask-processor.ts");
  const answer = await askProcessor(
    "rule-tally",
    { config, ...(socket !== undefined && { socket }) },
    {},
  );
  const rules = namesIn(answer, "rules", "rule");
  return rules.flatMap((rule) => [rule, rule.slice(rule.lastIndexOf("/") + 1)]);
}

async function ask(
  { config = "sluicegate.yaml", socket }: Where,
  question: string,
  asked: Readonly<Record<string, string>>,
  list: string,
  name: string,
): Promise<readonly string[]> {
  const [{ askRole }, { socketOf }] = await Promise.all([
    import("../telemetry/status-client.ts"),
    import("./site.ts"),
  ]);
  const answer = await askRole(
    await socketOf({ config, ...(socket !== undefined && { socket }) }),
    question,
    asked,
  );
  return namesIn(answer, list, name);
}

function namesIn(answer: unknown, list: string, name: string): string[] {
  const rows = isObject(answer) && Array.isArray(answer[list]) ? answer[list] : [];
  return rows.flatMap((row) => (isObject(row) && typeof row[name] === "string" ? [row[name]] : []));
}
