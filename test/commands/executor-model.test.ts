import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Command } from "../../src/core/command.ts";
import { CommandWorld, kinds, type Mood, type SeenWrite } from "../support/command-world.ts";
import { sampleCommand } from "../support/commands.ts";

const mood: fc.Arbitrary<Mood> = fc.record({
  outcome: fc.constantFrom("delivered", "sent", "absent", "refused", "unknown", "hang"),
  arrives: fc.boolean(),
  answer: fc.constantFrom("yes", "no", "none"),
});

type Action =
  | { readonly do: "issue"; readonly name: keyof typeof kinds; readonly validMs: number }
  | { readonly do: "take-back" | "again"; readonly which: number }
  | { readonly do: "mood"; readonly mood: Mood }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "reach"; readonly reach: "now" | "later" }
  | { readonly do: "read" | "save" | "crash" | "flush" | "fast" | "slow" | "answer" | "echo" };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("issue" as const),
      name: fc.constantFrom("toggle", "set", "press", "blind", "blind_set"),
      validMs: fc.constantFrom(2_000, 15_000, 120_000),
    }),
  },
  fc.record({ do: fc.constantFrom("take-back", "again"), which: fc.nat(5) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant("mood" as const), mood }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(16_000) }) },
  fc.record({ do: fc.constant("reach" as const), reach: fc.constantFrom("now", "later") }),
  { weight: 4, arbitrary: fc.constant({ do: "read" } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("save", "crash", "flush", "fast", "slow", "answer", "echo"),
    }),
  },
);

async function play(actions: readonly Action[]) {
  const world = await CommandWorld.start();
  const commands: Command[] = [];
  const pick = (which: number) => commands[which % Math.max(1, commands.length)];
  for (const one of actions)
    switch (one.do) {
      case "issue": {
        const issuedMs = world.clock.wallMs();
        const id = `c-${commands.length}`;
        const expiresMs = issuedMs + one.validMs;
        commands.push(sampleCommand({ id, name: one.name, issuedMs, expiresMs }));
        world.issue(pick(commands.length - 1) ?? sampleCommand());
        break;
      }
      case "again":
      case "take-back": {
        const command = pick(one.which);
        if (command && one.do === "again") world.issue(command);
        else if (command) world.takeBack(command);
        break;
      }
      case "mood":
        world.mood = one.mood;
        break;
      case "pass":
        await world.pass(one.ms);
        break;
      case "reach":
        world.reach = one.reach;
        break;
      case "fast":
      case "slow":
        world.isDiskFast = one.do === "fast";
        break;
      case "answer":
      case "echo":
        await world.answer(one.do === "echo");
        break;
      case "flush":
        world.log.flush();
        await world.pass(0);
        break;
      case "save":
        world.save();
        break;
      default:
        await world[one.do]();
    }
  world.isDiskFast = true;
  await world.read();
  await world.pass(200_000);
  return { world, commands };
}

/** Ends that promise that it had no effect. */
const harmless = ["cancelled", "expired", "failed", "refused"];

/** `isRemembered`: what an answer that names no command is to can be told. */
function check(world: CommandWorld, command: Command, isRemembered: boolean): void {
  const { id, name } = command;
  const steps = world.steps(id);
  const last = steps.at(-1);
  expect(steps.map(({ step }) => step)).toEqual(steps.map((_, at) => at + 1));
  expect(steps.map(({ final }) => final)).toEqual(steps.map((_, at) => at === steps.length - 1));
  if (!last) throw new Error("a command without a step");

  const writes = world.writes.filter((write) => write.id === id);
  for (const { atMs } of writes) expect(atMs).toBeLessThan(command.expiresMs);
  const effects = world.effects.get(id) ?? 0;
  expect(effects).toBeLessThanOrEqual(1);
  const mayHaveArrived = (write: SeenWrite) =>
    write.outcome !== "absent" && write.outcome !== "refused";
  if (!kinds[name as keyof typeof kinds].repeatable)
    expect(writes.filter(mayHaveArrived).length).toBeLessThanOrEqual(1);

  const isTold = isRemembered || name !== "press";
  if (harmless.includes(last.state) && isTold) expect(effects).toBe(0);
  if (last.state === "acknowledged" && isTold) expect(effects).toBe(1);
  if (last.state === "delivered")
    expect(writes.some(({ outcome }) => outcome === "delivered")).toBe(true);
  if (last.state === "timed-out") expect(writes.length).toBeGreaterThan(0);
  if (last.state === "unknown" && writes.length > 0)
    expect(
      writes.length > 1 ||
        writes.some(({ outcome }) => outcome === "unknown" || outcome === "interrupted") ||
        last.text === "the gateway ended before it knew how this went" ||
        last.text?.startsWith("an answer came that may be to a command before it"),
    ).toBe(true);
}

describe("commands, whatever happens", () => {
  test("have steps without holes, one end, and say of it what is true", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 40 }), async (actions) => {
        const { commands, world } = await play(actions);
        const isRemembered = actions.every((one) => one.do !== "crash" && one.do !== "echo");
        for (const command of commands) check(world, command, isRemembered);
      }),
      { numRuns: Number(process.env["RUNS"] ?? 60) },
    );
  });
});
