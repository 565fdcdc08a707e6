/**
 * Commands of a site and what became of them, as the streams tell: read on from where it stopped, when
 * somebody asks. Bounded: of what ended the last thousand.
 */
import type { EpochMs } from "../../../core/clock.ts";
import type { CommandCancel } from "../../../core/command.ts";
import type { SiteId } from "../../../core/ids.ts";
import { siteCommands } from "../../../core/subject.ts";
import type { CommandPast } from "../../../stream/command-history.ts";
import { commandIdOf, readCommands } from "../../../stream/command-log.ts";
import { readReplies, type StoredReply } from "../../../stream/command-replies.ts";
import type { Connection } from "../over-backbone.ts";

const weekMs = 7 * 86_400_000;
const mostCommands = 1_000;
/** What is stored within one moment of the server may be read twice, and never not at all. */
const overlapMs = 1_000;

type Known = Omit<CommandPast, "cancels" | "steps"> & {
  readonly cancels: CommandCancel[];
  readonly steps: StoredReply[];
};

export class CommandBook {
  readonly #site: SiteId;
  readonly #nowMs: () => EpochMs;
  readonly #known = new Map<string, Known>();
  #readToMs: EpochMs | undefined;
  /** By gateway: what was read of its replies. */
  readonly #heardToMs = new Map<string, EpochMs>();

  constructor(site: SiteId, nowMs: () => EpochMs) {
    this.#site = site;
    this.#nowMs = nowMs;
  }

  /** As they were at the last look, the oldest first. */
  get all(): Iterable<CommandPast> {
    return this.#known.values();
  }

  get(id: string): CommandPast | undefined {
    return this.#known.get(id);
  }

  /** Reads on. Gives the ids of those that changed. One call at a time. */
  async read(connection: Connection): Promise<ReadonlySet<string>> {
    const changed = new Set<string>();
    await this.#readOrders(connection, changed);
    const open = [...this.#known.values()].filter(
      (past) => past.steps.at(-1)?.reply.final !== true,
    );
    const gateways = new Set(open.map(({ command }) => command.gateway));
    for (const gateway of gateways) {
      const since = this.#heardToMs.get(gateway) ?? this.#nowMs() - weekMs;
      let toMs = since;
      const origin = { site: this.#site, gateway };
      await readReplies(connection, origin, since - overlapMs, (stored) => {
        toMs = Math.max(toMs, stored.storedMs);
        if (this.#addStep(gateway, stored)) changed.add(stored.reply.command);
      });
      this.#heardToMs.set(gateway, toMs);
    }
    this.#forgetSome();
    return changed;
  }

  async #readOrders(connection: Connection, changed: Set<string>): Promise<void> {
    let toMs = this.#readToMs ?? this.#nowMs() - weekMs;
    const cancels: CommandCancel[] = [];
    await readCommands(connection, siteCommands(this.#site), toMs - overlapMs, (order) => {
      toMs = Math.max(toMs, order.storedMs);
      const id = commandIdOf(order);
      if (order.order === "cancel") cancels.push(order.cancel);
      else if (!this.#known.has(id)) {
        const { command, storedMs } = order;
        this.#known.set(id, { command, storedMs, steps: [], cancels: [] });
        changed.add(id);
      }
    });
    this.#readToMs = toMs;
    for (const cancel of cancels) {
      const past = this.#known.get(cancel.id);
      if (!past || past.cancels.some(({ issuedMs }) => issuedMs === cancel.issuedMs)) continue;
      past.cancels.push(cancel);
      changed.add(cancel.id);
    }
  }

  #addStep(gateway: string, stored: StoredReply): boolean {
    const past = this.#known.get(stored.reply.command);
    if (past?.command.gateway !== gateway) return false;
    const last = past.steps.at(-1)?.reply;
    if (last !== undefined && (last.final || last.step >= stored.reply.step)) return false;
    past.steps.push(stored);
    return true;
  }

  #forgetSome(): void {
    for (const id of this.#known.keys()) {
      if (this.#known.size <= mostCommands) return;
      this.#known.delete(id);
    }
  }
}
