/** A notice as an adaptive card. */
import type { AlertText } from "../alert-text.ts";
import { moreLine, type NoticeMessage } from "../notice-message.ts";
import { shorten } from "../shorten.ts";

/**
 * A message of more than 28 KiB is not shown. It is counted in the form in which it is kept, where quotes
 * and what is not ASCII are written out.
 */
const mostBytes = 24_000;
const mostTitle = 300;
const colors = {
  critical: "Attention",
  warning: "Warning",
  info: "Accent",
  ended: "Good",
} as const;

/** A message with one card, of as many alerts as it takes. */
export function toTeamsMessage(text: NoticeMessage): object {
  const body: object[] = [];
  const color = colors[text.ended ? "ended" : text.severity];
  body.push(paragraph(shorten(text.title, mostTitle), { weight: "Bolder", size: "Medium", color }));
  for (const line of text.lead) body.push(paragraph(line));
  const links: object[] = [];
  let bytes = storedBytes(body);
  let left = text.alerts.length + text.leftOut;
  for (const alert of text.alerts) {
    const parts = partsOf(alert, text.alerts.length > 1);
    bytes += storedBytes(parts);
    if (bytes > mostBytes) break;
    left -= 1;
    body.push(...parts);
    const { runbookUrl: url } = alert;
    if (url !== undefined && links.length === 0)
      links.push({ type: "Action.OpenUrl", title: "Runbook", url });
  }
  if (left > 0) body.push(paragraph(moreLine(left)));
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    // What every client shows; later ones are refused by some.
    version: "1.4",
    msteams: { width: "Full" },
    body,
    ...(links.length > 0 && { actions: links }),
  };
  const contentType = "application/vnd.microsoft.card.adaptive";
  return { type: "message", attachments: [{ contentType, contentUrl: null, content }] };
}

function partsOf({ facts, name, state, summary }: AlertText, isOneOfMany: boolean): object[] {
  return [
    ...(isOneOfMany ? [paragraph(`${state}: ${name}`, { weight: "Bolder" })] : []),
    ...(summary === undefined ? [] : [paragraph(summary)]),
    ...facts.map(([what, text]) => paragraph(`${what}: ${text}`)),
  ];
}

/** Runs of text are shown as they are; a text block would read them as Markdown, links and all. */
function paragraph(text: string, look: object = {}): object {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", text, ...look }] };
}

function storedBytes(parts: readonly object[]): number {
  const json = JSON.stringify(JSON.stringify(parts));
  return json.length + 5 * (json.match(/[^\x20-\x7e]/g)?.length ?? 0);
}
