/** Parts of a screen of which one is shown; which one stands in the URL. */
import { hrefWith, queryPart } from "../state/place.ts";
import "./tabs.css";

export interface Tab {
  readonly id: string;
  readonly word: string;
  /** How many are behind it. */
  readonly count?: number | undefined;
}

interface TabsProps {
  /** What they are parts of, for those who do not see it. */
  readonly label: string;
  readonly tabs: readonly [Tab, ...Tab[]];
  /** The part of the query. */
  readonly name?: string;
}

/** Links, since each tab is a view of its own; the first needs no part of the query. */
export function Tabs({ label, tabs, name = "tab" }: TabsProps) {
  const current = currentTab(tabs, name);
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ count, id, word }, index) => (
        <a
          key={id}
          href={hrefWith({ [name]: index === 0 ? undefined : id })}
          aria-current={id === current ? "page" : undefined}
        >
          {word}
          {count !== undefined && <span class="tabs-count">{count}</span>}
        </a>
      ))}
    </nav>
  );
}

/** The id of the tab that the URL names, or of the first. */
export function currentTab(tabs: readonly [Tab, ...Tab[]], name = "tab"): string {
  const asked = queryPart(name);
  return (tabs.find(({ id }) => id === asked) ?? tabs[0]).id;
}
