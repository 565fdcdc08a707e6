/** A button that opens a list of things to do. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import "./menu.css";

export interface MenuEntry {
  readonly word: string;
  /** One of several of which one is chosen. */
  readonly isChosen?: boolean;
  run(): void;
}

interface MenuProps {
  /** What the button is called where its content does not say so. */
  readonly label: string;
  readonly children: ComponentChildren;
  readonly entries: readonly MenuEntry[];
  /** Of the button. */
  readonly class?: string;
}

export function Menu({ label, children, entries, class: classes = "button" }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    itemsOf(root.current)[0]?.focus();
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [isOpen]);

  const close = (): void => {
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        class={classes}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </button>
      {isOpen && (
        <div
          id={id}
          class="menu-list"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={(event) => moveIn(root.current, event, close)}
        >
          {entries.map(({ isChosen, run, word }) => (
            <button
              key={word}
              type="button"
              {...(isChosen === undefined
                ? { role: "menuitem" }
                : { role: "menuitemradio", "aria-checked": isChosen })}
              tabIndex={-1}
              onClick={() => {
                close();
                run();
              }}
            >
              {word}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function itemsOf(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
}

function moveIn(root: HTMLElement | null, event: KeyboardEvent, close: () => void): void {
  const items = itemsOf(root);
  const at = items.findIndex((item) => item.matches(":focus"));
  const next: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  if (event.key === "Escape" || event.key === "Tab") close();
  const target = next[event.key];
  if (event.key !== "Escape" && target === undefined) return;
  event.preventDefault();
  if (target !== undefined) items[target]?.focus();
}
