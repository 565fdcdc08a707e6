/** A notice as a letter: plain, and as small HTML for those who read mail on a phone. */
import type { AlertText } from "../alert-text.ts";
import { escapeMarkup } from "../markup.ts";
import { moreLine, type NoticeMessage, plainLines } from "../notice-message.ts";
import { shorten } from "../shorten.ts";

/** A line of a header is folded behind this anyway, and cut off by some. */
const mostSubject = 200;

export function subjectOf({ title }: NoticeMessage): string {
  return shorten(title, mostSubject);
}

export function textOf(message: NoticeMessage): string {
  return `${message.title}\n\n${plainLines(message).join("\n")}\n`;
}

export function htmlOf({ alerts, lead, leftOut, title }: NoticeMessage): string {
  const parts = [
    `<h3>${escapeMarkup(title)}</h3>`,
    ...lead.map((line) => `<p>${escapeMarkup(line)}</p>`),
    ...alerts.map((alert) => partOf(alert, alerts.length > 1)),
    ...(leftOut > 0 ? [`<p>${moreLine(leftOut)}</p>`] : []),
  ];
  return `<!doctype html><html><body style="font-family:sans-serif">${parts.join("\n")}</body></html>`;
}

function partOf({ facts, name, runbookUrl, state, summary }: AlertText, isOne: boolean): string {
  const rows = facts.map(
    ([what, text]) => `<tr><td>${escapeMarkup(what)}</td><td>${escapeMarkup(text)}</td></tr>`,
  );
  return [
    ...(isOne ? [`<h4>${escapeMarkup(`${state}: ${name}`)}</h4>`] : []),
    ...(summary === undefined ? [] : [`<p><b>${escapeMarkup(summary)}</b></p>`]),
    `<table cellpadding="3">${rows.join("")}</table>`,
    ...(runbookUrl === undefined
      ? []
      : [`<p><a href="${escapeMarkup(runbookUrl)}">Runbook</a></p>`]),
  ].join("\n");
}
