/** What was done, said in passing at the edge of the page. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Toast {
  readonly id: number;
  readonly text: string;
  /** Goes by itself; a failure stays until it is dismissed. */
  readonly isFailure: boolean;
}

const mostToasts = 5;
const shownMs = 8_000;

const shown = signal<readonly Toast[]>([]);
let lastId = 0;

export const toasts: ReadonlySignal<readonly Toast[]> = shown;

/** Says that something was done, or that it was not. */
export function toast(
  text: string,
  { isFailure = false }: { readonly isFailure?: boolean } = {},
): void {
  lastId += 1;
  const id = lastId;
  shown.value = [...shown.peek(), { id, text, isFailure }].slice(-mostToasts);
  if (!isFailure) setTimeout(() => dismissToast(id), shownMs);
}

export function dismissToast(id: number): void {
  shown.value = shown.peek().filter((one) => one.id !== id);
}
