/** The lines of all sites of an engine. */
import type { Origin } from "../../core/event.ts";
import type { GatewayId, SiteId } from "../../core/ids.ts";
import type { EngineCounts } from "../rule-desk.ts";
import type { RuleIndex } from "../rule-index.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { SiteLine, type SiteLineState } from "./site-line.ts";

export class SiteLines {
  readonly #rules: RuleIndex;
  readonly #outbox: Outbox;
  readonly #counts: EngineCounts;
  readonly #lines = new Map<SiteId, SiteLine>();

  constructor(
    rules: RuleIndex,
    outbox: Outbox,
    counts: EngineCounts,
    saved: readonly SiteLineState[] = [],
  ) {
    this.#rules = rules;
    this.#outbox = outbox;
    this.#counts = counts;
    for (const state of saved)
      this.#lines.set(state.site, new SiteLine(state.site, rules, outbox, counts, state));
  }

  of(site: SiteId): SiteLine {
    const known = this.#lines.get(site);
    if (known) return known;
    const line = new SiteLine(site, this.#rules, this.#outbox, this.#counts);
    this.#lines.set(site, line);
    return line;
  }

  /** These gateways have streams, and no others. */
  expect(origins: Iterable<Origin>): void {
    if (!this.#rules.isAboutSites) return;
    const bySite = new Map<SiteId, Set<GatewayId>>();
    for (const { gateway, site } of origins) {
      const gateways = bySite.get(site) ?? new Set();
      bySite.set(site, gateways.add(gateway));
    }
    for (const site of new Set([...bySite.keys(), ...this.#lines.keys()]))
      this.of(site).expect(bySite.get(site) ?? new Set());
  }

  get all(): Iterable<SiteLine> {
    return this.#lines.values();
  }

  /** The gateway is gone for good. */
  remove(site: SiteId, gateway: GatewayId): void {
    this.#lines.get(site)?.remove(gateway);
  }

  /** The last transitions of all episodes that are open. */
  *open(): Iterable<TransitionDraft> {
    for (const line of this.#lines.values()) yield* line.open();
  }

  toState(): readonly SiteLineState[] {
    return [...this.#lines.values()].flatMap((line) => line.toState() ?? []);
  }
}
