/** What the screen that is shown is called, for the title of the page. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const title = signal<string | undefined>(undefined);

/** Undefined where the screen is called as in the table of screens. */
export const screenTitle: ReadonlySignal<string | undefined> = title;

/** Calls the screen by what it shows, such as the name of a device. */
export function useScreenTitle(text: string): void {
  useEffect(() => {
    title.value = text;
    return () => {
      title.value = undefined;
    };
  }, [text]);
}
