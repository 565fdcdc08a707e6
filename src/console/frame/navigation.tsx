/** The way to each screen: at the side, or at the bottom of a narrow page. */
import { useState } from "preact/hooks";
import type { StatusRow } from "../../api/shapes/status.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { useIsNarrow } from "../parts/use-is-narrow.ts";
import { useKey } from "../state/keys.ts";
import { useTopic } from "../state/live.ts";
import { goTo, place } from "../state/place.ts";

interface Way {
  readonly href: string;
  readonly word: string;
  readonly icon: IconName;
  /** Pressed after `g`. */
  readonly key: string;
}

const ways: readonly Way[] = [
  { href: "/", word: "Overview", icon: "overview", key: "o" },
  { href: "/devices", word: "Devices", icon: "devices", key: "d" },
  { href: "/live", word: "Live", icon: "live", key: "l" },
  { href: "/alerts", word: "Alerts", icon: "alerts", key: "a" },
  { href: "/dead-letters", word: "Dead letters", icon: "deadLetters", key: "x" },
  { href: "/flow", word: "Flow", icon: "flow", key: "f" },
  { href: "/plans", word: "Plans", icon: "plans", key: "p" },
  { href: "/system", word: "System", icon: "system", key: "s" },
];

/** Beside `More`, where there is little room. */
const mostAtBottom = 4;

export function Navigation() {
  const isNarrow = useIsNarrow();
  const [isMore, setMore] = useState(false);
  const status = useTopic<StatusRow>("status").rows.get("here");
  for (const { href, key, word } of ways) useKey(`g ${key}`, `Go to ${word}`, () => goTo(href));
  const { path } = place.value;
  const shown = isNarrow ? ways.slice(0, mostAtBottom) : ways;
  const hidden = ways.slice(shown.length);
  const link = ({ href, icon, word }: Way) => (
    <li key={href}>
      <a
        href={href}
        aria-current={isAt(path, href) ? "page" : undefined}
        onClick={() => setMore(false)}
      >
        <Icon name={icon} />
        <span class="navigation-word">{word}</span>
        <Count status={status} href={href} />
      </a>
    </li>
  );
  return (
    <nav class="navigation" aria-label="Screens">
      <ul>
        {shown.map(link)}
        {hidden.length > 0 && (
          <li>
            <button
              type="button"
              aria-haspopup="dialog"
              aria-current={hidden.some(({ href }) => isAt(path, href)) ? "true" : undefined}
              onClick={() => setMore(true)}
            >
              <Icon name="more" />
              <span class="navigation-word">More</span>
            </button>
          </li>
        )}
      </ul>
      {isMore && isNarrow && (
        <Dialog title="More screens" isSheet onClose={() => setMore(false)}>
          <ul class="navigation-more">{hidden.map(link)}</ul>
        </Dialog>
      )}
    </nav>
  );
}

/** How much waits behind a way. */
function Count({
  href,
  status,
}: {
  readonly href: string;
  readonly status: StatusRow | undefined;
}) {
  if (!status) return null;
  const { critical, info, warning } = status.alerts;
  const alerts = critical + warning + info;
  const count =
    href === "/alerts" ? alerts : href === "/dead-letters" ? status.deadLetters.messages : 0;
  if (count === 0) return null;
  const tone = href === "/alerts" && critical > 0 ? " navigation-count-critical" : "";
  return <span class={`navigation-count${tone}`}>{count > 999 ? "999+" : count}</span>;
}

function isAt(path: string, href: string): boolean {
  if (href === "/flow" && path.startsWith("/events/")) return true;
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
