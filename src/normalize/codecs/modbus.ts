import type { PollPlan, RegisterTable } from "../../core/poll-plan.ts";
import type { TextCodec } from "./codec.ts";
import { planReads } from "./plan-reads.ts";
import { registersReader } from "./read-registers.ts";
import { buildValues, type RegisterReport } from "./register-values.ts";
import { type RegistersForm, registersForm } from "./registers-form.ts";

/** The registers that a profile describes: how they are read, and what is asked for. */
export const registersOptions = registersForm.transform((form, context) =>
  codecOf(form, (path, message) => context.addIssue({ code: "custom", message, path })),
);

function codecOf(form: RegistersForm, report: RegisterReport): TextCodec {
  const names = new Set<string>();
  const groups = form.groups.map((group, at) => {
    const place = ["groups", at];
    const values = buildValues(form, group, place, report);
    if (group.nth > 1 && group.model === undefined)
      report([...place, "nth"], "is for a group with a model");
    for (const [index, { name, table }] of values.entries()) {
      if (names.has(name))
        report([...place, "values", index, "name"], `an earlier value is named ${name}, too`);
      names.add(name);
      if (group.model !== undefined && table !== "holding")
        report([...place, "values", index], "models are in the table holding");
    }
    return { group, values };
  });
  const values = groups.flatMap((one) => one.values);
  const limits = { maxGap: form.max_gap, maxRead: form.max_read };
  const poll: PollPlan = {
    markers: form.markers,
    groups: groups.map(({ group, values: own }, at) => {
      const blocks = planReads(own, limits);
      for (const { count, table, at: from } of blocks)
        if (isOfRegisters(table) && count > form.max_read)
          report(
            ["groups", at],
            `values that share registers, or one alone, take ${count} from ${from} on, and a read brings ${form.max_read} (max_read)`,
          );
      return {
        name: group.name ?? String(at + 1),
        everyMs: group.every,
        blocks,
        ...(group.model !== undefined && { models: [group.model].flat() }),
        ...(group.nth > 1 && { nth: group.nth }),
      };
    }),
  };
  return { ...modbus, poll, decode: registersReader(values) };
}

function isOfRegisters(table: RegisterTable): boolean {
  return table === "holding" || table === "input";
}

/** What a poll of a Modbus device brought; read by the register map of the profile. */
export const modbus: TextCodec = {
  name: "modbus",
  about: "registers of a Modbus device, here a f32 and a coil, both at address 0",
  reads: "text",
  options: "registers",
  needsOptions: true,
  decode: (text) => readExample(text),
  example: {
    payload: '{"input":{"0":"43663333"},"coil":{"0":"1"}}',
    value: { voltage: 230.2, closed: true },
  },
};

const readExample = registersReader(
  buildValues(
    { order: "ABCD", max_gap: 0, max_read: 125, markers: [0], groups: [] },
    {
      every: 1_000,
      table: "input",
      nth: 1,
      values: [
        { name: "voltage", at: 0, type: "f32" },
        { name: "closed", at: 0, type: "u16", table: "coil" },
      ],
    },
    [],
    () => {},
  ),
);
