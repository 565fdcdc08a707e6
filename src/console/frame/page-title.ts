/** The title of the page and its icon, which tell of alerts while another tab is looked at. */
import { useEffect } from "preact/hooks";
import type { StatusRow } from "../../api/shapes/status.ts";
import { useTopic } from "../state/live.ts";
import { screenTitle } from "../state/screen-title.ts";
import { me } from "../state/session.ts";
import alertIcon from "./alert.svg";
import calmIcon from "./calm.svg";

/** Keeps both as they should be. */
export function usePageTitle(screen: string): void {
  const { critical = 0, warning = 0 } =
    useTopic<StatusRow>("status").rows.get("here")?.alerts ?? {};
  const title = titleText(critical + warning, screenTitle.value ?? screen, me.value?.site ?? "");
  const icon = critical + warning > 0 ? alertIcon : calmIcon;
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.querySelector("link[rel=icon]")?.setAttribute("href", icon);
  }, [icon]);
}

/** `● 3 alerts · Devices · plant-a`. */
export function titleText(alerts: number, screen: string, site: string): string {
  const told = alerts === 0 ? "" : `● ${alerts} alert${alerts === 1 ? "" : "s"}`;
  return [told, screen, site].filter((part) => part !== "").join(" · ");
}
