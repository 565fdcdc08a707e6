import type { CommandValue } from "../core/command.ts";
import { toDeviceId } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import type { Questions } from "../core/question.ts";
import type { Announcer } from "../gateway/announcer.ts";
import type { Catalog } from "../normalize/catalog.ts";
import { knownDevice, prepareCommands } from "./prepare-command.ts";
import { showCommands, showWrite } from "./show-commands.ts";

/** What may be asked about commands of devices; nothing is sent. */
export function commandQuestions(catalog: Catalog, announcer: Announcer): Questions {
  const prepare = prepareCommands(catalog, announcer);
  return {
    "device-commands": async ({ device = "" }) => {
      const found = knownDevice(catalog, announcer, toDeviceId(device));
      return found === undefined ? {} : { commands: showCommands(found.profile) };
    },
    "prepare-command": async ({ command = "", device = "", id = "", params = "{}" }) => {
      const named = { device: toDeviceId(device), id, name: command, params: paramsOf(params) };
      const found = prepare(named);
      if ("prepared" in found) return { write: showWrite(found.prepared.write) };
      return { problem: "refused" in found ? found.refused : found.unknown };
    },
  };
}

/** What is no value of a parameter is left out. */
function paramsOf(text: string): Record<string, CommandValue> {
  const params: Record<string, CommandValue> = {};
  const given: unknown = JSON.parse(text);
  for (const [name, value] of Object.entries(isObject(given) ? given : {}))
    if (typeof value === "number" || typeof value === "boolean" || typeof value === "string")
      params[name] = value;
  return params;
}
