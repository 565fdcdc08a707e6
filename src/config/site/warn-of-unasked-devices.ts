/** Devices on a bus that nobody asks, since nothing says what there is to ask for. */
import type { ListedProfile } from "../../normalize/listed-profile.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import type { Load } from "./load.ts";

/** Only warns: the others on the bus are asked. */
export function warnOfUnaskedDevices(load: Load, listed: readonly ListedProfile[]): void {
  const { main, sections } = load;
  for (const [at, source] of sections.sources.entries()) {
    const members = valueAt(source, ["members"]);
    if (valueAt(source, ["kind"]) !== "modbus" || !Array.isArray(members)) continue;
    for (const index of members.keys()) {
      const device = valueAt(members, [index, "device"]);
      const said = typeof device === "string" ? whyUnasked(device, load, listed) : undefined;
      if (said === undefined) continue;
      main.report({
        code: "config.unasked-device",
        path: ["sources", at, "members", index, "device"],
        ...said,
        severity: "warning",
      });
    }
  }
}

function whyUnasked(
  device: string,
  { sections }: Load,
  listed: readonly ListedProfile[],
): { readonly message: string; readonly hint: string } | undefined {
  const entry = sections.devices.find(({ value }) => value.id === device);
  if (entry === undefined)
    return {
      message: `no entry of devices is ${device}, so it is not asked for anything`,
      hint: `write { id: ${device}, profile: maker/model } below devices; sluicegate profile ls lists profiles`,
    };
  const { profile: name } = entry.value;
  const profile = listed.find(({ outline }) => outline.name === name)?.read();
  if (profile === undefined || profile.codec.poll !== undefined) return undefined;
  return {
    message: `${device} is not asked for anything: its profile ${name} has no registers`,
    hint: "name a profile with codec: modbus",
  };
}
