import type { LoadedSite } from "../config/site/load-site.ts";
import type { EdgeRulesState } from "../processor/edge/edge-rules.ts";
import type { TransitionDraft } from "../processor/engine.ts";

/** What the rest of a gateway sees of the rules that it evaluates itself. */
export interface OpenEdgeRules {
  /** Undefined where there are none. */
  status(): EdgeRulesState | undefined;
  /** The last transitions of all episodes that are open. */
  open(): Iterable<TransitionDraft>;
  /** How one alert of one device is and why, plain JSON for people. */
  explain(alert: string, device: string): readonly object[];
  /** Goes on with the rules of the site as it is now. */
  reload(next: LoadedSite): void;
}
