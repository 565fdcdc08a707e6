/** The rules that a gateway evaluates itself, joined by hand: its log → rules → its log, and receivers here. */

import type { LoadedSite } from "../config/site/load-site.ts";
import type { Disk } from "../core/disk.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import { toDeviceId } from "../core/ids.ts";
import type { AtEnd } from "../core/open-parts.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { Ingest } from "../gateway/ingest.ts";
import { textFile } from "../gateway/small-file.ts";
import type { EdgeRuleSet, EdgeRules } from "../processor/edge/edge-rules.ts";
import type { OpenEdgeRules } from "./edge-rules.ts";
import type { RoleSurroundings } from "./role.ts";

const fileName = "edge-rules.json";
/** The last rule files without faults, where there are rules of this kind. */
const writtenName = "edge-rule-files.json";

export interface EdgeRulesPlace {
  /** For the files of the data folder. */
  readonly disk: Disk;
  readonly folder: string;
  readonly log: RecordLog;
  readonly origin: Origin;
  readonly ingest: Pick<Ingest, "own">;
}

const loadStart = () => import("./start-edge-rules.ts");

/** Where there is no such rule, nothing is opened, and where there are no rules at all, nothing is loaded. */
export async function openEdgeRules(
  surroundings: RoleSurroundings,
  { disk, folder, ingest, log, origin }: EdgeRulesPlace,
  atEnd: AtEnd,
): Promise<OpenEdgeRules> {
  const { clock, metrics, random, site } = surroundings;
  const logger = surroundings.logger("rules");
  const file = textFile(disk, folder, fileName);
  const setAside = metrics.counter(
    "gateway_rules_events_set_aside_total",
    "Events of the log that the rules of the gateway fail on.",
  );
  let edge: EdgeRules | undefined;
  const open = async (rules: EdgeRuleSet, memory: string | undefined): Promise<void> => {
    edge = await (await loadStart()).startEdgeRules(rules, memory, surroundings, {
      ...{ clock, file, log, logger, origin, random, setAside },
      lateAfterMs: site.config.processor.late_notify_after,
      append: (data) => {
        const { device } = data.labels;
        return ingest.own({
          kind: "alert-transition",
          data,
          device: device === undefined ? null : toDeviceId(device),
        });
      },
    });
  };
  const written = textFile(disk, folder, writtenName);
  let text = site.rules.text;
  const groups = await groupsInForce(site, written);
  const memory = await file.read().catch(() => undefined);
  if (groups.length > 0 || memory !== undefined) {
    const rules = (await loadStart()).edgeRulesOf(clock, groups);
    if (rules.count > 0 || memory !== undefined) await open(rules, memory);
    if (rules.count > 0) await keepWritten(site, written);
  }
  atEnd(() => edge?.stop());
  const adopt = async (next: LoadedSite): Promise<void> => {
    if (edge === undefined && next.rules.groups.length === 0) return;
    const fresh = (await loadStart()).edgeRulesOf(clock, next.rules.groups);
    if (edge) edge.adopt(fresh);
    else if (fresh.count > 0) await open(fresh, undefined);
    if (edge) await keepWritten(next, written);
  };
  return {
    status: () => edge?.state(),
    open: () => edge?.open() ?? [],
    explain: (alert, device) => edge?.explain(alert, device) ?? [],
    reload(next) {
      if (next.rules.text === text) return;
      text = next.rules.text;
      adopt(next).catch((thrown: unknown) => {
        const { message } = GatewayError.from(thrown, "internal.bug", "cannot begin");
        logger.error("other rules of this gateway are not in force yet", { reason: message });
      });
    },
  };
}

type TextFile = ReturnType<typeof textFile>;

/** Files with faults leave in force what was, also over a start. */
async function groupsInForce({ rules }: LoadedSite, written: TextFile) {
  if (rules.faults.length === 0) return rules.groups;
  const last = await written
    .read()
    .then(parseJson)
    .catch(() => undefined);
  const { readWrittenRules } = await import("../config/site/written-rules.ts");
  return readWrittenRules(last) ?? rules.groups;
}

/** A disk that does not take it costs what the next start could go on with, and nothing now. */
async function keepWritten({ rules }: LoadedSite, written: TextFile): Promise<void> {
  if (rules.faults.length === 0) await written.replace(rules.text).catch(() => {});
}

function parseJson(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
