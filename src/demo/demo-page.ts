/** The demo's screen as lines: what moves above, what happened below, and the keys. */
import { formatDuration } from "../core/duration.ts";
import { formatSize } from "../core/size.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import { factLines } from "../screen/fact-lines.ts";
import { type Line, type Span, span } from "../screen/line.ts";
import type { Look } from "../screen/look.ts";
import type { Size } from "../screen/painter.ts";
import { shown } from "../screen/render-line.ts";
import { sparkLine } from "../screen/spark-line.ts";
import { padText } from "../screen/text-width.ts";
import type { DemoSight } from "./demo-sight.ts";
import { foldLine } from "./fold-line.ts";

export interface DemoPage {
  readonly sight: DemoSight;
  readonly nowMs: number;
  /** Time of the script; absent before it began. */
  readonly time: string;
  /** All that was said. */
  readonly story: readonly string[];
  /** What can be done now. */
  readonly foot: string;
  /** Where the console is served; absent where it is not. */
  readonly console: string | undefined;
  readonly look: Look;
}

/** More are only counted. */
const mostAlerts = 3;
const sparkColumns = 40;

/** As many rows as there are: of the story the last ones. */
export function demoLines(page: DemoPage, size: Size): readonly Line[] {
  const { columns, rows } = size;
  const title = ` sluicegate demo  devices → MQTT → gateway → (cable) → JetStream → alerts`;
  const time = ` ${page.time} `;
  const room = Math.max(0, columns - time.length);
  const ending = shown("…", page.look);
  const head = [span(padText(shown(title, page.look), room, ending) + time, "title")];
  const above = [head, ...sightLines(page, size), []].slice(0, rows - 1);
  const left = rows - 1 - above.length;
  const story = page.story.flatMap((line) => foldLine(line, columns).split("\n"));
  const below: Line[] = left > 0 ? story.slice(-left).map((line) => [span(line)]) : [];
  while (above.length + below.length < rows - 1) below.push([]);
  return [...above, ...below, [span(page.foot, "strong")]];
}

function sightLines(page: DemoPage, { columns }: Size): readonly Line[] {
  const { look, nowMs, sight } = page;
  const lines = (label: string, facts: readonly Span[]): readonly Line[] =>
    factLines(label, facts, columns, look);
  const { backlog, firing, gateway } = sight;
  const spark = sparkLine(backlog, Math.min(sparkColumns, columns - 40));
  return [
    ...(gateway === undefined
      ? lines("Gateway", [span(backlog.length === 0 ? "starts" : "does not answer", "warning")])
      : gatewayLines(gateway, nowMs, lines)),
    ...lines("Backlog", [span(spark === "" ? "-" : spark)]),
    ...lines("Alerts", [span(firing.length === 0 ? "none firing" : `${firing.length} firing`)]),
    ...firing
      .slice(0, mostAlerts)
      .flatMap(({ fired_at, labels, late, rule, severity }) =>
        lines("", [
          span(`▲ ${severity}`, severity === "critical" ? "alarm" : "warning"),
          span(`${rule.split("/").at(-1)} ${labels["device"] ?? ""}`),
          span(`for ${wholeSeconds(nowMs - Date.parse(fired_at))}${late ? ", learned late" : ""}`),
        ]),
      ),
    ...(page.console === undefined ? [] : lines("Console", [span(page.console)])),
  ];
}

function gatewayLines(
  { buffer, flow, link }: GatewayStatus,
  nowMs: number,
  lines: (label: string, facts: readonly Span[]) => readonly Line[],
): readonly Line[] {
  const { rates } = flow;
  const word = link.word ?? link.kind;
  const isWell = word === "linked";
  return [
    ...lines("Link", [
      span(`${word} for ${wholeSeconds(nowMs - link.since)}`, isWell ? "plain" : "warning"),
    ]),
    ...lines("Buffer", [
      span(
        `${amount(buffer.waitingRecords)} events wait`,
        buffer.waitingRecords > 0 ? "strong" : "plain",
      ),
      span(formatSize(buffer.sizeBytes)),
      ...(buffer.droppedRecords > 0
        ? [span(`${amount(buffer.droppedRecords)} lost`, "alarm")]
        : []),
    ]),
    ...lines("Flow", [
      span(`in ${(rates?.receivedPerSecond ?? 0).toFixed(1)}/s`),
      span(`out ${(rates?.sentPerSecond ?? 0).toFixed(1)}/s`),
      span(`${amount(flow.received)} received`),
    ]),
  ];
}

function amount(count: number): string {
  return count.toLocaleString("en-US");
}

function wholeSeconds(ms: number): string {
  return formatDuration(Math.floor(Math.max(0, ms) / 1_000) * 1_000);
}
