/**
 * Runs against a world that loses processes, repeats and delays what it says, and decides for itself
 * what becomes of each command.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CommandReply, CommandState } from "../../src/core/command.ts";
import { advance, cancelRun, giveUpOn, hear, nextLookMs } from "../../src/plans/advance.ts";
import { openCommands } from "../../src/plans/commands-of.ts";
import { hasEnded, type PlanRun } from "../../src/plans/plan-run.ts";
import { givenRun } from "./given-run.ts";

const ends: readonly CommandState[] = [
  "acknowledged",
  "delivered",
  "refused",
  "failed",
  "timed-out",
  "expired",
  "unknown",
];

/** What chance decides of one command: its end, and whether it had an effect where nobody knows. */
const fate = fc.record({
  end: fc.oneof(
    { weight: 4, arbitrary: fc.constant<CommandState>("acknowledged") },
    { weight: 3, arbitrary: fc.constantFrom(...ends) },
  ),
  hadEffect: fc.boolean(),
  isSilent: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
});
type Fate = typeof fate extends fc.Arbitrary<infer T> ? T : never;

const acts = ["store", "issue", "reply", "repeat", "crash", "time", "giveUp", "gateway"] as const;
type Act = (typeof acts)[number] | "cancel";

interface Effect {
  readonly id: string;
}

class World {
  stored: PlanRun;
  /** What the process knows, and may not have stored. */
  held: PlanRun;
  nowMs = 0;
  readonly effects: Effect[] = [];
  readonly asked = new Map<string, { readonly name: string; readonly device: string }>();
  /** Commands that the gateway has, and those that it has ended. */
  readonly #waiting: string[] = [];
  readonly #known = new Set<string>();
  readonly #said: CommandReply[] = [];
  #heard = 0;
  readonly #fates: Iterator<Fate>;

  constructor(run: PlanRun, fates: Iterable<Fate>) {
    this.stored = run;
    this.held = run;
    this.#fates = fates[Symbol.iterator]();
  }

  #change(next: PlanRun): void {
    // Only what is stored is acted on, and only one change at a time is on its way.
    if (this.held === this.stored) this.held = next;
  }

  store(): void {
    this.#change(advance(this.held, this.nowMs));
    this.stored = this.held;
  }

  issue(): void {
    for (const { id, name, device } of openCommands(this.stored)) {
      this.asked.set(id, { name, device });
      if (this.#known.has(id)) continue;
      this.#known.add(id);
      this.#waiting.push(id);
    }
  }

  /** The gateway ends the command that has waited longest. */
  gateway(): void {
    const id = this.#waiting.shift();
    if (id === undefined) return;
    const { end, hadEffect, isSilent }: Fate = this.#fates.next().value ?? {
      end: "acknowledged",
      hadEffect: true,
      isSilent: false,
    };
    if (this.stored.cancel && !partsOf(id).isUndo) {
      this.#said.push({ command: id, name: "any", state: "cancelled", step: 1, final: true });
      return;
    }
    const had =
      end === "acknowledged" || end === "delivered" || (hadEffect && /unknown|timed/.test(end));
    if (had) this.effects.push({ id });
    if (isSilent) return;
    const reply = { command: id, name: "any" };
    this.#said.push({ ...reply, state: "queued", step: 1, final: false });
    this.#said.push({ ...reply, state: end, step: 2, final: true });
  }

  /** What was said is heard in its order, but nobody knows which of it twice. */
  reply(): void {
    const reply = this.#said[this.#heard];
    if (!reply || this.held !== this.stored) return;
    this.#heard += 1;
    this.#change(hear(this.held, reply, this.nowMs));
  }

  repeat(): void {
    this.#heard = Math.max(0, this.#heard - 3);
  }

  crash(): void {
    this.held = this.stored;
    this.#heard = 0;
  }

  time(): void {
    this.nowMs = Math.max(this.nowMs + 1_000, nextLookMs(this.stored) ?? 0);
  }

  cancel(): void {
    this.#change(cancelRun(this.held, { by: "ana", atMs: this.nowMs }));
  }

  /** Nothing was heard for so long that the command expired. */
  giveUp(): void {
    const [open] = openCommands(this.stored);
    if (!open || this.#waiting.includes(open.id) || this.#heard < this.#said.length) return;
    this.#change(giveUpOn(this.held, open.id, this.nowMs, "no word"));
  }

  act(what: Act): void {
    this[what]();
  }

  /** Everything goes well from here on. */
  finish(): void {
    const well = ["store", "issue", "gateway", "reply", "store", "reply", "time"] as const;
    const silent = [
      "store",
      "issue",
      "gateway",
      "reply",
      "store",
      "giveUp",
      "store",
      "time",
    ] as const;
    for (let turn = 0; turn < 2_400 && !hasEnded(this.stored); turn += 1)
      for (const what of turn < 2_000 ? well : silent) this.act(what);
  }
}

const plan = {
  name: "shut_line",
  within: "7d",
  give_up: "7d",
  steps: [
    { command: "close", device: "valve", compensate: { command: "open" } },
    { wait: "5s" },
    { command: "stop", device: "pump", compensate: { command: "start" } },
    { command: "vent", device: "tank", compensate: { command: "seal" } },
  ],
};

/** Of `shut-1.3-undo.2`: the step, and whether it is taken back. */
function partsOf(id: string): { readonly step: number; readonly isUndo: boolean } {
  const [, step = "0", undo] = /\.(\d+)(-undo)?\.\d+$/.exec(id) ?? [];
  return { step: Number(step), isUndo: undo !== undefined };
}

test("every run ends in one defined state, with one effect for each command, whatever falls down when", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          { weight: 30, arbitrary: fc.constantFrom(...acts) },
          fc.constant("cancel" as const),
        ),
        {
          maxLength: 150,
        },
      ),
      fc.array(fate, { maxLength: 12 }),
      (actions, fates) => {
        const world = new World(givenRun(plan), fates);
        for (const what of actions) world.act(what);
        world.finish();
        const { effects, stored } = world;
        expect(hasEnded(stored)).toBe(true);

        const ids = effects.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of world.asked.keys()) if (!partsOf(id).isUndo) expect(id).toMatch(/\.1$/);

        const forward = ids.map(partsOf).filter(({ isUndo }) => !isUndo);
        const steps = forward.map(({ step }) => step);
        expect(steps).toEqual(steps.toSorted((a, b) => a - b));
        if (stored.state === "done")
          expect(ids).toEqual(["shut-1.1.1", "shut-1.3.1", "shut-1.4.1"]);
        if (stored.state === "cancelled") expect(ids).toEqual([]);
        if (stored.state === "compensated")
          for (const step of steps) {
            const last = ids.findLastIndex((id) => partsOf(id).step === step);
            expect(partsOf(ids[last] ?? "").isUndo).toBe(true);
          }
        // The last first: no step is taken back before the ones behind it were.
        const undone = ids.map(partsOf).filter(({ isUndo }) => isUndo);
        const order = undone.map(({ step }) => step);
        expect(order).toEqual(order.toSorted((a, b) => b - a));
      },
    ),
    { numRuns: 300 },
  );
});
