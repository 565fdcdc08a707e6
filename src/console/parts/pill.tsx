/** A state: a shape, a word and a color, so that each alone says it. Normal has no color. */
import { Icon, type IconName } from "./icon.tsx";
import "./pill.css";

export type Tone = "normal" | "critical" | "warning" | "info";

interface PillProps {
  readonly word: string;
  readonly icon: IconName;
  readonly tone?: Tone;
  /** Without a field around it, such as in rows. */
  readonly isPlain?: boolean;
  /** More about it, when pointed at. */
  readonly title?: string | undefined;
}

export function Pill({ word, icon, tone = "normal", isPlain = false, title }: PillProps) {
  return (
    <span class={`pill pill-${tone}${isPlain ? " pill-plain" : ""}`} title={title}>
      <Icon name={icon} />
      <span class="pill-word">{word}</span>
    </span>
  );
}

const severityTones = { critical: "critical", warning: "warning", info: "info" } as const;

interface SeverityPillProps {
  readonly severity: keyof typeof severityTones;
  readonly isPlain?: boolean;
}

/** How bad an alert is; `CRITICAL` is written large, the others are not. */
export function SeverityPill({ severity, isPlain = false }: SeverityPillProps) {
  const word = severity === "critical" ? "CRITICAL" : severity;
  return <Pill word={word} icon={severity} tone={severityTones[severity]} isPlain={isPlain} />;
}
