/** Commands of a profile, and what would leave for one, as plain values. */
import { isUtf8 } from "node:buffer";
import type { DeviceWrite } from "../core/device-write.ts";
import type { ParamMapping } from "../normalize/commands/command-mapping.ts";
import type { Profile } from "../normalize/profile.ts";

export function showCommands({ commands = [] }: Profile): object[] {
  return commands.map(({ about, danger, name, params, reply, tries, validMs }) => ({
    name,
    about,
    ...(danger && { danger }),
    params: Array.from(params, ([param, mapping]) => ({ name: param, ...showParam(mapping) })),
    answers: reply !== undefined,
    tries,
    validMs,
  }));
}

function showParam(param: ParamMapping): object {
  const { about, default: fallback, type } = param;
  const limits =
    param.type === "number"
      ? { unit: param.unit, range: param.range, step: param.step }
      : param.type === "text"
        ? { values: param.values }
        : {};
  return { type, about, default: fallback, ...limits };
}

/** Bytes as text where they are one, else in hex. */
export function showWrite(write: DeviceWrite): object {
  if (write.kind === "registers") {
    const { at, single, table, values } = write;
    return { kind: write.kind, table, at, values, single };
  }
  const bytes = Buffer.from(write.payload);
  const payload = isUtf8(bytes) && !/\p{Cc}/u.test(bytes.toString()) ? bytes.toString() : undefined;
  const shown = payload === undefined ? { hex: bytes.toString("hex") } : { payload };
  if (write.kind === "frame") return { kind: write.kind, ...shown };
  const { qos, retain, topic } = write;
  return { kind: write.kind, topic, ...shown, qos, retain };
}
