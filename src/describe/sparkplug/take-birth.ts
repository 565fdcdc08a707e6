/** A birth: what there is, what it is called, and how it is now. */
import type { Normalized, PassedOverMessage } from "../../normalize/normalized.ts";
import { birthCountOf } from "./birth-count.ts";
import { type BirthTable, isSame, readBirth } from "./birth-table.ts";
import { mostMetricsOfBirth } from "./bounds.ts";
import { follow, type Heard } from "./heard.ts";
import { readValues } from "./read-values.ts";
import { momentOf } from "./reading.ts";
import type { Following } from "./sequence.ts";

/** It has no values either. */
const overtaken: PassedOverMessage = {
  passedOver: "ignored",
  by: "sparkplug",
  filter: "DBIRTH that was overtaken",
};

export function takeBirth(heard: Heard): Normalized | undefined {
  const { events, member, message, node, parts, payload, type } = heard;
  // What a broker had kept says nothing of the aliases that are in use now.
  const isKept = message.attributes.retained === true;
  // Nor does one of a device that a later one, or the birth of its node, has overtaken.
  if (!isKept && begin(heard) === "late") {
    readValues(heard, false, false);
    return events.stored(member) ?? overtaken;
  }
  const problem = isKept && member.table !== undefined ? undefined : describe(heard);
  if (problem !== undefined) {
    parts.refusals.note(member.id, problem);
    events.reject(member, { code: "bad-value", reason: `the birth was not taken: ${problem}` });
    return events.stored(member);
  }
  if (!isKept) {
    member.holds = true;
    member.isUnborn = false;
    member.isGone = false;
    if (member.device === undefined) node.birthCount = birthCountOf(payload, member.table);
  }
  const count = member.device === undefined ? node.birthCount : undefined;
  events.status(member, "online", count === undefined ? type : `${type}, bdSeq ${count}`);
  readValues(heard, true, false);
  return events.stored(member);
}

function begin(heard: Heard): Following {
  const { member, node, payload } = heard;
  if (member.device !== undefined) return follow(heard);
  node.doubt();
  node.wants = undefined;
  node.sequence.begin(payload.seq);
  node.bornMs = momentOf(payload.timestamp);
  node.saidMs = node.bornMs;
  for (const other of node.members.values()) other.isUnborn = other !== member;
  return "next";
}

/** Takes down what the birth says; a sentence where that is too much. */
function describe({ member, message, node, nodes, parts, payload }: Heard): string | undefined {
  const { metrics } = payload;
  if (metrics.length > mostMetricsOfBirth)
    return `it has ${metrics.length} metrics, and ${mostMetricsOfBirth} are the most`;
  const table = readBirth(metrics, member.names, message.receivedMs);
  if (member.table !== undefined && isSame(member.table, table)) return undefined;
  const problem =
    table.definitions.size > mostMetricsOfBirth
      ? `its metrics have ${table.definitions.size} values, and ${mostMetricsOfBirth} are the most`
      : nodes.describe(member, table);
  if (problem !== undefined) {
    member.names.trim(member.table?.definitions, 0);
    return problem;
  }
  const doubled = doubledAliases(table);
  if (doubled > 0)
    parts.refusals.note(member.id, `${doubled} aliases are of two metrics each, and are not read`);
  parts.described(node, member);
  return undefined;
}

function doubledAliases({ aliases }: BirthTable): number {
  let count = 0;
  for (const name of aliases.values()) if (name === null) count += 1;
  return count;
}
