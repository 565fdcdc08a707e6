/** Parameters of a command as they are typed: `state=ON setpoint=-18.5`. */
import type { CommandValue } from "../core/command.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import type { CommandMapping } from "../normalize/commands/command-mapping.ts";
import { checkParams, paramFromText } from "../normalize/commands/params.ts";

/** As the stream of commands takes them. */
const namePattern = /^[a-z][a-z0-9_]{0,63}$/;

type Params = Readonly<Record<string, CommandValue>>;

/**
 * Reads them as the profile has them; without one, a number and true or false are such, and all else is
 * text. Throws `usage` for what does not fit.
 */
export function readParams(words: readonly string[], mapping: CommandMapping | undefined): Params {
  const params: Record<string, CommandValue> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new GatewayError("usage", `${word} is no parameter; write name=value`);
    const name = word.slice(0, at);
    if (!namePattern.test(name))
      throw new GatewayError(
        "usage",
        `${name} is no name of a parameter: small letters, digits, _`,
      );
    if (Object.hasOwn(params, name))
      throw new GatewayError("usage", `parameter ${name} is given twice`);
    params[name] = readParam(name, word.slice(at + 1), mapping);
  }
  const checked = mapping && checkParams(mapping.params, params);
  if (checked !== undefined && "problem" in checked)
    throw new GatewayError("usage", `${mapping?.name}: ${checked.problem}`);
  return params;
}

function readParam(name: string, text: string, command: CommandMapping | undefined): CommandValue {
  if (command === undefined) return guess(text);
  const mapping = command.params.get(name);
  if (mapping === undefined) {
    const names = [...command.params.keys()];
    const meant = suggest(name, names);
    const all = names.length === 0 ? "it takes none" : `there are ${names.join(", ")}`;
    const advice = meant === undefined ? all : `did you mean ${meant}?`;
    throw new GatewayError("usage", `${command.name} has no parameter ${name}; ${advice}`);
  }
  const value = paramFromText(mapping, text);
  if (typeof value !== "object") return value;
  throw new GatewayError("usage", `${command.name}: parameter ${name} ${value.problem}`);
}

function guess(text: string): CommandValue {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
