/** Commands of a profile, as a form of the page is made of them. */
import type { DeclaredCommand } from "../../../api/shapes/device.ts";
import type { ParamMapping } from "../../../normalize/commands/command-mapping.ts";
import type { Profile } from "../../../normalize/profile.ts";

type Param = DeclaredCommand["params"][number];

export function declaredCommands(profile: Profile | undefined): DeclaredCommand[] {
  return (profile?.commands ?? []).map(({ about, danger, name, params, reply, timeoutMs }) => ({
    name,
    summary: about,
    dangerous: danger,
    timeoutMs: reply === undefined ? null : timeoutMs,
    params: Array.from(params, ([param, mapping]) => paramOf(param, mapping)),
  }));
}

function paramOf(name: string, mapping: ParamMapping): Param {
  const { about = null, default: fallback = null } = mapping;
  const bare = { unit: null, min: null, max: null, step: null, choices: [] };
  const common = { name, about, fallback, ...bare };
  if (mapping.type === "boolean") return { ...common, kind: "boolean" };
  if (mapping.type === "text") {
    const { values } = mapping;
    return values
      ? { ...common, kind: "choice", choices: [...values] }
      : { ...common, kind: "text" };
  }
  const { range: [min, max] = [null, null], step = null, unit = null } = mapping;
  return { ...common, kind: "number", unit, min, max, step };
}
