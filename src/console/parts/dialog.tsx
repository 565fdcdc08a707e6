/** A dialog over the page. The browser keeps the focus inside, and gives it back. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** At the side or over the whole width of a phone, for what is long. */
  readonly isSheet?: boolean;
}

/** Shown while it is rendered: `{isOpen && <Dialog …>}`. */
export function Dialog({ title, onClose, children, isSheet = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const focused = document.activeElement;
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    // Else Close has the focus, and Enter undoes what was begun. On glass it would raise a keyboard.
    if (matchMedia("(pointer: fine)").matches)
      dialog?.querySelector<HTMLElement>("form :is(input, textarea, select)")?.focus();
    return () => {
      dialog?.close();
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={isSheet ? "dialog dialog-sheet" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            class="button button-plain dialog-close"
            aria-label="Close"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
