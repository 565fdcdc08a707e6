/** Rows of a live topic for a table, in an order that holds until somebody asks for another. */
import { useRef, useState } from "preact/hooks";
import { nextOrder, type StableOrder, type View } from "./stable-order.ts";

export interface StableRows<Row> extends StableOrder<Row> {
  /** Sorts all as they are now. */
  sortAnew(): void;
}

/**
 * `view.name` says what the view is of, such as the filter and the sort of the URL: another name is
 * sorted anew. With `isHeld` false the order is always the one of now.
 */
export function useStableRows<Row>(
  rows: ReadonlyMap<string, Row>,
  view: View<Row>,
  isHeld = true,
): StableRows<Row> {
  const last = useRef<{ rows: ReadonlyMap<string, Row>; order: StableOrder<Row> } | undefined>(
    undefined,
  );
  const [, draw] = useState(0);
  const kept = last.current;
  const isSame = kept && kept.rows === rows && kept.order.view === view.name;
  const order = isSame ? kept.order : nextOrder(rows, view, isHeld ? kept?.order : undefined);
  last.current = { rows, order };
  return {
    ...order,
    sortAnew: () => {
      last.current = undefined;
      draw((count) => count + 1);
    },
  };
}
