/** Explanations of alerts for people. */
import type { AlertView } from "../alerts/alert-view.ts";
import { stateWords } from "../alerts/display-state.ts";
import type { StoredEvent } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { formatQuantity } from "../core/unit.ts";
import { textsOf } from "../schema/schema-issue.ts";

/** One alert of one device at one gateway, of a gateway, or of a site. */
export function explanationLines(view: Readonly<Record<string, unknown>>): string[] {
  const { alert, device, facts, gateway, judgedTo, reasons, site, state } = view;
  const until = judgedTo === undefined ? "" : `   judged up to ${String(judgedTo)}`;
  const said = state === "unwatched" ? "is not watched" : `is ${String(state)}`;
  const name = device === "" ? String(alert) : `${String(alert)} ${String(device)}`;
  const place = gateway === "" ? String(site) : `${String(site)}/${String(gateway)}`;
  return [
    `${name} ${said}   ${place}${until}`,
    ...[...textsOf(reasons), ...textsOf(facts)].map((line) => `  ${line}`),
  ];
}

/** The last samples, where there are any. */
export function sampleLine(samples: readonly StoredEvent[]): string[] {
  const said = samples.flatMap((event) =>
    event.kind === "measurement"
      ? event.data.map(({ name, quality, unit, value }) => {
          const mark = quality === "good" ? "" : ` ${quality}`;
          return `  ${formatTime(event.timeMs)} ${name} ${formatQuantity(value, unit)}${mark}`;
        })
      : [],
  );
  return said.length === 0 ? [] : ["last samples", ...said];
}

/** What people did about it, and what explains it. */
export function handlingLines(view: AlertView): string[] {
  const { acked, outOfService, shelf, state, suppressedBy } = view;
  return [
    `listed as ${stateWords(state)}`,
    ...(acked ? [`  acknowledged by ${acked.by}`] : []),
    ...(shelf
      ? [`  shelved until ${formatTime(shelf.untilMs)} by ${shelf.by}: ${shelf.reason ?? ""}`]
      : []),
    ...(outOfService
      ? [`  out of service by ${outOfService.by}: ${outOfService.reason ?? ""}`]
      : []),
    ...(suppressedBy ? [`  explained by ${suppressedBy.rule}`] : []),
  ];
}
