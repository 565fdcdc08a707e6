/**
 * Where the page is: its URL, which is the whole state of a view, so that each can be pasted into a
 * ticket. Links are plain `<a href>`; a click on one of ours goes there without loading the page anew.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { withParts } from "./path-pattern.ts";

export interface Place {
  readonly path: string;
  /** With its `?`, or empty. */
  readonly query: string;
}

const now = signal<Place>(read());

/** Where the page is now. */
export const place: ReadonlySignal<Place> = now;

const parts = computed(() => new URLSearchParams(now.value.query));

/** One part of the query of the URL, such as a filter; undefined where it is not there. */
export function queryPart(name: string): string | undefined {
  return parts.value.get(name) ?? undefined;
}

/** Goes to a path of the page. */
export function goTo(href: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(history.state, "", href);
  else {
    history.replaceState({ scrolledPx: scrollY }, "");
    history.pushState(null, "", href);
  }
  const before = now.value.path;
  now.value = read();
  if (now.value.path !== before) scrollTo(0, 0);
}

/**
 * Sets parts of the query, such as a filter or a tab. What is typed letter by letter is set with
 * `replace`, so that one step back leaves the screen.
 */
export function setQuery(
  changes: Readonly<Record<string, string | undefined>>,
  { replace = false }: { readonly replace?: boolean } = {},
): void {
  goTo(now.value.path + withParts(now.value.query, changes), { replace });
}

/** The path of this screen with parts of its query set anew, for the `href` of a link. */
export function hrefWith(changes: Readonly<Record<string, string | undefined>>): string {
  return now.value.path + withParts(now.value.query, changes);
}

/** Begins to follow the URL and clicks on links. */
export function followPlace(): void {
  history.scrollRestoration = "manual";
  addEventListener("popstate", ({ state }: PopStateEvent) => {
    now.value = read();
    if (typeof state?.scrolledPx === "number") scrollBack(state.scrolledPx, Date.now() + 1_000);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || !isOurs(link, event)) return;
    event.preventDefault();
    goTo(link.pathname + link.search);
  });
}

/** Goes to where a screen was left, as soon as it is long enough again. */
function scrollBack(topPx: number, untilMs: number): void {
  scrollTo(0, topPx);
  if (Math.abs(scrollY - topPx) > 1 && Date.now() < untilMs)
    requestAnimationFrame(() => scrollBack(topPx, untilMs));
}

/** Whether a click is for us: anything special about it or its link is for the browser. */
function isOurs(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const isPlain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  return (
    isPlain &&
    !event.defaultPrevented &&
    link.origin === location.origin &&
    link.target === "" &&
    !link.hasAttribute("download") &&
    link.hash === "" &&
    !link.pathname.startsWith("/api/") &&
    link.pathname !== "/metrics"
  );
}

function read(): Place {
  return { path: location.pathname, query: location.search };
}
