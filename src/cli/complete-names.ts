/** Names of what runs here, for completion: as many as come in time. */
import { usualConfig } from "../config/site/usual-config.ts";
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
  return find === undefined ? [] : find(where).catch(() => []);
}

const finders: Readonly<Record<string, (where: Where) => Promise<readonly string[]>>> = {
  device: (where) => ask(where, "devices", { limit: "2000" }, "devices", "device"),
  metric: (where) => ask(where, "metric-names", {}, "metrics", "name"),
  command: (where) =>
    ask(where, "device-commands", { device: where.given?.[0] ?? "" }, "commands", "name"),
  alert: async (where) => {
    const rules = await ask(where, "rule-tally", {}, "rules", "rule");
    return rules.flatMap((rule) => [rule, rule.slice(rule.lastIndexOf("/") + 1)]);
  },
  code: async () => {
    const { allExplanations } = await import("./all-explanations.ts");
    const { faultKindCodes } = await import("../explain/fault-kinds.ts");
    return [...allExplanations.keys(), ...faultKindCodes()];
  },
  stage: async () => ["received", "normalized", "late", "rejected", "sent"],
  role: async () => (await import("../app/roles.ts")).roleNames,
};

/** Asks every process of the configuration that runs here. */
async function ask(
  { config = usualConfig(), socket }: Where,
  question: string,
  asked: Readonly<Record<string, string>>,
  list: string,
  name: string,
): Promise<readonly string[]> {
  const { askRole } = await import("../telemetry/status-client.ts");
  const sockets = socket === undefined ? await socketsOf(config) : [socket];
  const late = AbortSignal.timeout(patienceMs);
  const answers = await Promise.allSettled(
    sockets.map((one) => askRole(one, question, asked, late)),
  );
  return answers.flatMap((one) =>
    one.status === "fulfilled" ? namesIn(one.value, list, name) : [],
  );
}

async function socketsOf(config: string): Promise<readonly string[]> {
  const [{ socketPlaceOf }, { statusSocketsOf }, { roleNames }] = await Promise.all([
    import("./site.ts"),
    import("../config/status-socket.ts"),
    import("../app/roles.ts"),
  ]);
  return statusSocketsOf(await socketPlaceOf(config), roleNames);
}

function namesIn(answer: unknown, list: string, name: string): string[] {
  const rows = isObject(answer) && Array.isArray(answer[list]) ? answer[list] : [];
  return rows.flatMap((row) => (isObject(row) && typeof row[name] === "string" ? [row[name]] : []));
}
