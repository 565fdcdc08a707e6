import type { CommandExample } from "../commands/command-mapping.ts";
import type { CommandForm } from "./command-form.ts";

type ExampleForm = CommandForm["examples"][number];

export function buildCommandExample(form: ExampleForm): CommandExample {
  const { answers, device, hex, id, params, payload, problem, registers, topic } = form;
  return {
    ...{ device, id, params },
    ...(topic !== undefined && { topic }),
    ...(payload !== undefined && { payload }),
    ...(hex !== undefined && { hex: hex.replace(/\s+/g, "").toLowerCase() }),
    ...(registers !== undefined && { registers }),
    ...(problem !== undefined && { problem }),
    answers: answers.map(({ payload: said, state, text, topic: from }) => ({
      ...(from !== undefined && { topic: from }),
      payload: typeof said === "string" ? said : (JSON.stringify(said) ?? ""),
      state,
      ...(text !== undefined && { text }),
    })),
  };
}
