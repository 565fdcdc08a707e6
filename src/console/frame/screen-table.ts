/** Which screen each path shows. A screen is loaded when it is shown first. */
import type { ComponentType } from "preact";
import { matchPath } from "../state/path-pattern.ts";

/** What a screen is given: the named parts of its path. */
export interface ScreenProps {
  readonly named: Readonly<Record<string, string>>;
}

export interface Screen {
  readonly pattern: string;
  /** In the title of the page. */
  readonly title: string;
  load(): Promise<{ readonly default: ComponentType<ScreenProps> }>;
}

/** The list stays beside the alert that was opened out of it. */
const alerts = () => import("../screens/alerts/alerts-screen.tsx");

export const screens: readonly Screen[] = [
  {
    pattern: "/",
    title: "Overview",
    load: () => import("../screens/overview/overview-screen.tsx"),
  },
  {
    pattern: "/devices",
    title: "Devices",
    load: () => import("../screens/devices/devices-screen.tsx"),
  },
  {
    pattern: "/devices/unread",
    title: "Not read yet",
    load: () => import("../screens/unread/unread-screen.tsx"),
  },
  {
    pattern: "/devices/:key",
    title: "Device",
    load: () => import("../screens/device/device-screen.tsx"),
  },
  { pattern: "/live", title: "Live", load: () => import("../screens/live/live-screen.tsx") },
  {
    pattern: "/alerts",
    title: "Alerts",
    load: alerts,
  },
  {
    pattern: "/alerts/:instance",
    title: "Alerts",
    load: alerts,
  },
  {
    pattern: "/dead-letters",
    title: "Dead letters",
    load: () => import("../screens/dead-letters/dead-letters-screen.tsx"),
  },
  { pattern: "/flow", title: "Flow", load: () => import("../screens/flow/flow-screen.tsx") },
  {
    pattern: "/events/:id",
    title: "Way of an event",
    load: () => import("../screens/way/way-screen.tsx"),
  },
  { pattern: "/plans", title: "Plans", load: () => import("../screens/plans/plans-screen.tsx") },
  {
    pattern: "/system",
    title: "System",
    load: () => import("../screens/system/system-screen.tsx"),
  },
];

/** The screen of a path and what the path names; undefined where there is none. */
export function screenOf(
  path: string,
): { readonly screen: Screen; readonly named: ScreenProps["named"] } | undefined {
  for (const screen of screens) {
    const named = matchPath(screen.pattern, path);
    if (named) return { screen, named };
  }
  return undefined;
}
