import { expect, test } from "vitest";
import { bindPlan } from "../../src/plans/bind-plan.ts";
import { parsePlans } from "../../src/plans/plan-schema.ts";
import { givenPlan } from "./given-run.ts";

const plan = {
  name: "shut_line",
  params: {
    line: { type: "text", values: ["north", "south"] },
    level: { type: "number", range: [0, 6], default: 2 },
  },
  steps: [
    {
      command: "set_level",
      device: "tank-{line}",
      params: { level: "{level}", note: 'to {level} on {line}, {"a":1}' },
      compensate: { command: "reset" },
    },
  ],
};

function faultsOf(change: object): readonly string[] {
  const checked = parsePlans({ version: 1, plans: [{ ...plan, ...change }] });
  if (checked.ok) return [];
  return checked.faults.map(({ hint, message, path }) => `${path.join(".")}: ${message}; ${hint}`);
}

test("a text that is one parameter becomes its value, and any other is filled in", () => {
  const bound = bindPlan(givenPlan(plan), { line: "north" }, "gw1");
  expect(bound).toMatchObject({
    params: { line: "north", level: 2 },
    steps: [
      {
        order: {
          gateway: "gw1",
          device: "tank-north",
          params: { level: 2, note: 'to 2 on north, {"a":1}' },
        },
        compensate: { device: "tank-north", command: "reset" },
      },
    ],
  });
});

test("a parameter may be named as what every object has", () => {
  const odd = { name: "odd", params: { constructor: { type: "text" } }, steps: [{ wait: "1s" }] };
  expect(bindPlan(givenPlan(odd), {}, "gw1")).toEqual({
    problems: ["parameter constructor is missing; give constructor=…"],
  });
  expect(bindPlan(givenPlan(odd), { constructor: "a" }, "gw1")).toMatchObject({
    params: { constructor: "a" },
  });
});

test("what is given to a plan and does not fit is told all at once", () => {
  const bound = bindPlan(givenPlan(plan), { levle: "1", level: "7" }, "gw1");
  expect(bound).toEqual({
    problems: [
      "plan shut_line has no parameter levle; did you mean level?",
      "parameter line is missing; give line=…",
      "level=7 does not fit: it is a number from 0 to 6",
    ],
  });
});

test.each([
  [
    { steps: [{ comand: "open", device: "a" }] },
    ["plans.0.steps.0.comand", "did you mean command?"],
  ],
  [{ steps: [{ command: "open" }] }, ["plans.0.steps.0.device", "name whom the command is for"]],
  [{ steps: [{ wait: "5s", command: "open" }] }, ["plans.0.steps.0", "a command or a wait"]],
  [
    { steps: [{ wait: "5s", expires: "1s" }] },
    ["plans.0.steps.0.expires", "a wait has no expires"],
  ],
  [
    { steps: [{ command: "open", device: "tank-{lime}" }] },
    ["plans.0.steps.0.device", "did you mean {line}?"],
  ],
  [{ steps: [{ wait: "2h" }] }, ["plans.0.within", "the waits alone take so long"]],
  [
    { params: { line: { type: "text", values: ["north"], default: "nord" } } },
    ["plans.0.params.line.default", "does not fit: it is one of north"],
  ],
  [
    { params: { line: { type: "number", default: "north" } } },
    ["plans.0.params.line.default", "does not fit: it is a number"],
  ],
  [
    { params: { line: { type: "number", range: [6, 0] } } },
    ["plans.0.params.line.range", "the least comes first"],
  ],
  [
    { steps: [{ command: "open", device: "a", params: { "How far": 1 } }] },
    ["plans.0.steps.0.params.How far", "is no name of a parameter"],
  ],
  [{ give_up: "10 minutes" }, ["plans.0.give_up", "write 10m"]],
  [{ steps: Array.from({ length: 65 }, () => ({ wait: "1s" })) }, ["plans.0.steps", "64"]],
])("a mistake in a plan is told with its place: %j", (change, [place = "", words = ""]) => {
  const faults = faultsOf(change);
  expect(faults.join("\n")).toContain(`${place}: `);
  expect(faults.join("\n")).toContain(words);
});
