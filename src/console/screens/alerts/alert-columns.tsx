/** The columns of the lists of alerts. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import { SeverityPill } from "../../parts/pill.tsx";
import { by, type Column } from "../../parts/table-column.ts";
import { nowMs } from "../../state/now.ts";
import { shortRule, subjectOf } from "./alert-groups.ts";
import { compareAlerts, isAckable, isShelvable } from "./alert-lists.ts";
import { conditionWords, handlingWords, lateWords, valueWords } from "./alert-words.ts";
import type { Verb } from "./verbs.ts";

/** `onVerb` is called when somebody wants something done; without it, nobody may. */
export function alertColumns(
  onVerb?: (verb: Verb, row: AlertRow) => void,
): readonly Column<AlertRow>[] {
  return [
    {
      id: "severity",
      head: "Severity",
      cell: ({ severity }) => <SeverityPill severity={severity} isPlain />,
      compare: compareAlerts,
    },
    {
      id: "rule",
      head: "Alert",
      isMain: true,
      cell: ({ rule }) => <bdi title={rule}>{shortRule(rule)}</bdi>,
      compare: by(({ rule }) => shortRule(rule)),
    },
    {
      id: "about",
      head: "Device",
      cell: (row) => <bdi title={subjectOf(row)}>{subjectOf(row)}</bdi>,
      compare: by(subjectOf),
    },
    {
      id: "site",
      head: "Site",
      isExtra: true,
      cell: ({ site }) => site,
      compare: by(({ site }) => site),
    },
    {
      id: "value",
      head: "Value",
      cell: (row) => (
        <bdi title={`${unbroken(valueWords(row))}: ${row.summary}`}>
          {unbroken(valueWords(row))}
        </bdi>
      ),
    },
    {
      id: "since",
      head: "Condition",
      cell: (row) => <Condition row={row} />,
      compare: by(({ startedMs }) => -startedMs),
    },
    {
      id: "state",
      head: "State",
      cell: (row) => <Handling row={row} />,
      compare: by(({ state }) => state),
    },
    ...(onVerb ? [actionsOf(onVerb)] : []),
  ];
}

/** A number stays beside its unit, and a limit behind its sign. */
function unbroken(text: string): string {
  return text.replaceAll(/(?<=[\d<>=]) /g, "\u00a0");
}

function Condition({ row }: { readonly row: AlertRow }) {
  const late = lateWords(row, nowMs.value);
  return (
    <>
      {conditionWords(row, nowMs.value)}
      {row.isFlapping && <span class="alerts-mark">changes often</span>}
      {late !== null && <span class="alerts-mark">{late}</span>}
    </>
  );
}

function Handling({ row }: { readonly row: AlertRow }) {
  const { acked, outOfService, shelf } = row;
  const reason = shelf?.reason ?? outOfService?.reason ?? acked?.reason ?? undefined;
  return (
    <span title={reason}>
      {handlingWords(row, nowMs.value)}
      {reason !== undefined && <span class="alerts-reason"> “{reason}”</span>}
    </span>
  );
}

function actionsOf(onVerb: (verb: Verb, row: AlertRow) => void): Column<AlertRow> {
  return {
    id: "actions",
    head: "Actions",
    isActions: true,
    cell: (row) => (
      <span class="actions alerts-actions">
        {isAckable(row) && (
          <button type="button" class="button button-small" onClick={() => onVerb("ack", row)}>
            Ack
          </button>
        )}
        {row.shelf !== null && (
          <button type="button" class="button button-small" onClick={() => onVerb("unshelve", row)}>
            Unshelve
          </button>
        )}
        {isShelvable(row) && (
          <button type="button" class="button button-small" onClick={() => onVerb("shelve", row)}>
            Shelve
          </button>
        )}
      </span>
    ),
  };
}
