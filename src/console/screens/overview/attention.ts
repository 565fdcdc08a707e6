/** What somebody should look at, the worst first. Pure. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { DeviceRow } from "../../../api/shapes/device.ts";
import type { GatewayNow, LinkWord, StatusRow } from "../../../api/shapes/status.ts";
import type { IconName } from "../../parts/icon.tsx";
import { linkWords } from "../../parts/link-words.ts";
import { isLoud } from "../../parts/loud-alert.ts";
import { countText } from "../../parts/number-text.ts";
import type { Tone } from "../../parts/pill.tsx";

export interface AttentionItem {
  readonly key: string;
  readonly tone: Tone;
  readonly icon: IconName;
  /** `critical`, `silent`. */
  readonly word: string;
  /** The rule, or the device. */
  readonly what: string;
  readonly text: string;
  /** Undefined where it is not known since when. */
  readonly sinceMs: number | undefined;
  readonly href: string;
  /** An alert that nobody acknowledged. */
  readonly toAck?: AlertRow;
}

export function attentionItems(
  status: StatusRow,
  alerts: ReadonlyMap<string, AlertRow>,
  devices: ReadonlyMap<string, DeviceRow>,
): readonly AttentionItem[] {
  const loud = [...alerts.values()].filter(isLoud);
  const firing = loud.map(ofAlert);
  // Of a device that has an alert, the alert says what is wrong.
  const told = new Set(loud.map(({ deviceKey }) => deviceKey));
  const rank = ({ tone }: AttentionItem): number => tones.indexOf(tone);
  const quiet = [...devices.values()].flatMap((device) =>
    told.has(device.key) ? [] : (ofDevice(device) ?? []),
  );
  const newest = (one: AttentionItem, other: AttentionItem): number =>
    rank(one) - rank(other) || (other.sinceMs ?? 0) - (one.sinceMs ?? 0);
  return [
    ...firing.sort(newest),
    ...ofGateway(status),
    ...quiet.sort(newest),
    ...ofLetters(status),
  ];
}

const tones: readonly Tone[] = ["critical", "warning", "info", "normal"];

function ofAlert(row: AlertRow): AttentionItem {
  const measured = [row.value, row.limit].filter((part) => part !== null).join(", limit ");
  const whose = row.device ?? row.gateway ?? row.site;
  const said = measured || row.summary;
  return {
    key: `alert ${row.instance}`,
    tone: row.severity,
    icon: row.severity,
    word: row.severity,
    what: row.rule,
    text: [
      said.startsWith(whose) ? "" : whose,
      said,
      row.acked ? `acknowledged by ${row.acked.by}` : "",
    ]
      .filter((part) => part !== "")
      .join(" · "),
    sinceMs: row.startedMs,
    href: `/alerts/${encodeURIComponent(row.instance)}`,
    ...(row.ackRequired && row.acked === null ? { toAck: row } : {}),
  };
}

const deviceWords = {
  silent: { word: "silent", text: "says nothing, though it should have", tone: "warning" },
  never: { word: "never seen", text: "is configured and has never said anything", tone: "normal" },
  "clock-suspect": { word: "clock", text: "its clock is wrong", tone: "normal" },
  "bad-quality": { word: "bad quality", text: "its values cannot be trusted", tone: "warning" },
} as const;

function ofDevice({ device, key, lastMs, state }: DeviceRow): AttentionItem | undefined {
  if (state === "ok") return undefined;
  const { text, tone, word } = deviceWords[state];
  return {
    ...{ key: `device ${key}`, tone, word, text, what: device },
    icon: state === "silent" || state === "never" ? "silent" : "warning",
    sinceMs: state === "silent" ? (lastMs ?? undefined) : undefined,
    href: `/devices/${encodeURIComponent(key)}`,
  };
}

function ofGateway({ gateway, historian, hub }: StatusRow): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  if (gateway && troubledLinks.has(gateway.link.word)) items.push(ofLink(gateway));
  const add = (key: string, tone: Tone, word: string, what: string, text: string): void => {
    const icon = tone === "critical" ? "dropping" : "warning";
    items.push({ key, tone, icon, word, what, text, sinceMs: undefined, href: "/system" });
  };
  if (gateway && gateway.flow.dropped > 0) {
    const count = `${countText(gateway.flow.dropped)} events were given up since the start`;
    add("dropped", "critical", "loss", gateway.gateway, count);
  }
  for (const { holding, link, name } of gateway?.sources ?? []) {
    if (link !== null && link !== "up") add(`source ${name}`, "warning", "way in", name, link);
    if (holding)
      add(`holding ${name}`, "warning", "way in", name, "waits: the buffer takes no more");
  }
  if (hub && hub.gatewaysAway > 0) {
    const text = "nothing comes from there: look at its own page, or at its machine";
    add("away", "warning", "away", `${hub.gatewaysAway} of ${hub.gateways} gateways`, text);
  }
  const trouble = historian?.trouble ?? null;
  if (trouble !== null) add("historian", "warning", "historian", "historian", trouble);
  return items;
}

const troubledLinks: ReadonlySet<LinkWord> = new Set(["buffering", "blocked", "dropping"]);

function ofLink({ gateway, link }: GatewayNow): AttentionItem {
  const { icon, tone, word } = linkWords[link.word];
  return {
    ...{ key: "link", tone, icon, word: word.toLowerCase(), what: gateway, href: "/system" },
    text: link.reason ?? "the backbone is not reached",
    sinceMs: link.sinceMs,
  };
}

function ofLetters({ deadLetters: { groups, messages } }: StatusRow): readonly AttentionItem[] {
  if (messages === 0) return [];
  return [
    {
      key: "dead letters",
      tone: "normal",
      icon: "deadLetters",
      word: messages === 1 ? "dead letter" : "dead letters",
      what: countText(messages),
      text: `for ${groups} ${groups === 1 ? "reason" : "reasons"}`,
      sinceMs: undefined,
      href: "/dead-letters",
    },
  ];
}
