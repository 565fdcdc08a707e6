/** Which rows of a long table are drawn: those that are seen, and a few more. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

export interface RowWindow {
  readonly from: number;
  /** Behind the last that is drawn. */
  readonly to: number;
  /** Of one row, as it was measured. */
  readonly rowPx: number;
}

/** Up to here all are drawn, and each may have a height of its own. */
const mostDrawn = 80;
const spareRows = 12;
const guessedRowPx = 44;

/** `body` holds the rows; all rows are taken to be as high as the first. */
export function useWindowedRows(count: number, body: RefObject<HTMLElement | null>): RowWindow {
  const [window, setWindow] = useState<RowWindow>({ from: 0, to: mostDrawn, rowPx: guessedRowPx });
  const isLong = count > mostDrawn;

  useEffect(() => {
    if (!isLong) return;
    let picture = 0;
    const look = (): void => {
      picture = 0;
      setWindow((last) => seenRows(body.current, count, last));
    };
    const soon = (): void => {
      picture ||= requestAnimationFrame(look);
    };
    look();
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(picture);
      removeEventListener("scroll", soon);
      removeEventListener("resize", soon);
    };
  }, [isLong, count, body]);

  useLayoutEffect(() => {
    if (isLong) setWindow((last) => seenRows(body.current, count, last));
  });
  return isLong ? window : { from: 0, to: count, rowPx: window.rowPx };
}

function seenRows(body: HTMLElement | null, count: number, last: RowWindow): RowWindow {
  if (!body) return last;
  const rowPx = measureRow(body) ?? last.rowPx;
  const topPx = -body.getBoundingClientRect().top;
  const first = Math.floor(topPx / rowPx) - spareRows;
  const from = Math.max(0, Math.min(first, count - 1));
  const seen = Math.ceil(innerHeight / rowPx) + 2 * spareRows;
  const to = Math.min(count, from + seen);
  // Steps of a few rows, so that not every pixel draws.
  const isNear =
    rowPx === last.rowPx && Math.abs(from - last.from) < spareRows / 2 && last.to <= count;
  const isEnough =
    last.from <= Math.max(0, first + spareRows / 2) && last.to >= Math.min(count, to);
  return isNear && isEnough ? last : { from, to, rowPx };
}

function measureRow(body: HTMLElement): number | undefined {
  const [one, other] = body.querySelectorAll<HTMLElement>("[data-key]");
  if (!one || !other) return undefined;
  return other.getBoundingClientRect().top - one.getBoundingClientRect().top || undefined;
}
