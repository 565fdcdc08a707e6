/** A command with what became of it, as a row. */
import type { CommandRow } from "../../../api/shapes/command.ts";
import { deviceKey } from "../../../core/device-key.ts";
import type { CommandPast } from "../../../stream/command-history.ts";
import type { StoredReply } from "../../../stream/command-replies.ts";

export function commandRow({ cancels, command, steps }: CommandPast): CommandRow {
  const { by, device, expiresMs, gateway, id, issuedMs, name, params, reason, run } = command;
  const last = steps.at(-1)?.reply;
  const validUntilMs = Date.parse(last?.validUntil ?? "");
  const [cancel] = cancels;
  const asked = cancel && ({ state: last?.state ?? "issued", atMs: cancel.issuedMs } as const);
  return {
    ...{ id, device, gateway, name, by, issuedMs, expiresMs },
    deviceKey: deviceKey(command, device),
    params: { ...params },
    reason: reason ?? null,
    run: run ?? null,
    state: last?.state ?? "issued",
    isFinal: last?.final ?? false,
    validUntilMs: Number.isNaN(validUntilMs) ? null : validUntilMs,
    steps: [
      ...steps.map(stepOf),
      ...(asked && !last?.final
        ? [{ ...asked, attempt: null, answer: null, text: `${cancel.by} asked to take it back` }]
        : []),
    ],
  };
}

function stepOf({ reply, timeMs }: StoredReply): CommandRow["steps"][number] {
  const { answer = null, attempt = null, state, text = null } = reply;
  return { state, atMs: timeMs, attempt, text, answer };
}
