/** Copies a text. */
import { useState } from "preact/hooks";
import { toast } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";
import "./copy-button.css";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the name of the button: `the command`. */
  readonly what: string;
}

export function CopyButton({ text, what }: CopyButtonProps) {
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    const done = await copyText(text);
    if (!done) toast(`The browser did not let ${what} be copied: select it and copy it by hand.`);
    setDone(done);
    if (done) setTimeout(() => setDone(false), 2_000);
  };
  return (
    <button type="button" class="copy-button" aria-label={`Copy ${what}`} onClick={copy}>
      <Icon name={isDone ? "check" : "copy"} />
      <span class="only-read" role="status">
        {isDone ? "Copied" : ""}
      </span>
    </button>
  );
}

/** A command to run, with a button that copies it. */
export function Command({ text }: { readonly text: string }) {
  return (
    <span class="command">
      <code>{text}</code>
      <CopyButton text={text} what="the command" />
    </span>
  );
}

/** The clipboard is there in secure contexts only; a page over plain HTTP copies a selection. */
async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Not allowed: the other way may be.
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "only-read";
  const host = document.querySelector("dialog[open]") ?? document.body;
  const focused = document.activeElement;
  host.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
