/** The line above every screen: how all is, in one look. */
import { lineState } from "../state/live.ts";

export function StatusBar() {
  return (
    <header class="status-bar">
      <a class="brand" href="/">
        Sluicegate
      </a>
      <span data-line={lineState.value}>{lineState.value}</span>
    </header>
  );
}
