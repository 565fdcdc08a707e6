/** What the demo says: one line for each thing that happens, with the time in the script. */

/** Prints lines such as `00:12  ✂ cable unplugged`. */
export interface DemoLines {
  say(text: string): void;
  /** A line without a time: head and foot of the page. */
  page(text: string): void;
  /** Minutes and seconds of the script at a wall-clock moment. */
  at(wallMs: number): string;
}

export function createDemoLines(options: {
  readonly startedMs: number;
  readonly speed: number;
  readonly nowMs: () => number;
  /** Prints a line. */
  readonly page: (line: string) => void;
}): DemoLines {
  const { nowMs, page, speed, startedMs } = options;
  const at = (wallMs: number): string => {
    const seconds = Math.max(0, Math.round(((wallMs - startedMs) * speed) / 1_000));
    const two = (value: number): string => String(value).padStart(2, "0");
    return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  };
  return {
    at,
    say: (text) => page(`${at(nowMs())}  ${text}`),
    page,
  };
}
