/** The way to each screen: at the side, or at the bottom of a narrow page. */
import { Icon, type IconName } from "../parts/icon.tsx";
import { place } from "../state/place.ts";

interface NavigationEntry {
  readonly href: string;
  readonly word: string;
  readonly icon: IconName;
  /** Pressed after `g`. */
  readonly key: string;
}

export const navigationEntries: readonly NavigationEntry[] = [
  { href: "/", word: "Overview", icon: "overview", key: "o" },
  { href: "/devices", word: "Devices", icon: "devices", key: "d" },
  { href: "/live", word: "Live", icon: "live", key: "l" },
  { href: "/alerts", word: "Alerts", icon: "alerts", key: "a" },
  { href: "/dead-letters", word: "Dead letters", icon: "deadLetters", key: "x" },
  { href: "/flow", word: "Flow", icon: "flow", key: "f" },
  { href: "/plans", word: "Plans", icon: "plans", key: "p" },
  { href: "/system", word: "System", icon: "system", key: "s" },
];

export function Navigation() {
  const { path } = place.value;
  return (
    <nav class="navigation" aria-label="Screens">
      <ul>
        {navigationEntries.map(({ href, icon, word }) => (
          <li key={href}>
            <a href={href} aria-current={isAt(path, href) ? "page" : undefined}>
              <Icon name={icon} />
              <span>{word}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isAt(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
