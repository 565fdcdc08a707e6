/** A time: how long ago in the text, all of it with the zone when pointed at. */
import { nowMs } from "../state/now.ts";
import { CopyButton } from "./copy-button.tsx";
import { agoText, clockText, fullText } from "./time-text.ts";

interface MomentProps {
  readonly atMs: number;
  /** `ago` where the age matters, `clock` where the moment does, `both` where there is room. */
  readonly show?: "ago" | "clock" | "both";
  /** A button that copies it as ISO 8601. */
  readonly copies?: boolean;
}

export function Moment({ atMs, show = "ago", copies = false }: MomentProps) {
  const now = nowMs.value;
  const text =
    show === "ago"
      ? agoText(atMs, now)
      : show === "clock"
        ? clockText(atMs, now)
        : `${clockText(atMs, now)} (${agoText(atMs, now)})`;
  const iso = new Date(atMs).toISOString();
  return (
    <span class="moment">
      <time dateTime={iso} title={fullText(atMs)}>
        {text}
      </time>
      {copies && <CopyButton text={iso} what="the time" />}
    </span>
  );
}
