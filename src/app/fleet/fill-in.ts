/** `${name}` in texts of a template, filled in. */
import type { Fault } from "../../core/fault.ts";
import { isObject } from "../../core/is-object.ts";
import { suggest } from "../../core/suggest.ts";

export type Variables = Readonly<Record<string, unknown>>;

const variable = /\$(\$)?\{([^}]*)\}/g;

/**
 * The value with its variables filled in. A text that is one variable and nothing else becomes its value,
 * of whatever type; `$${` stands for `${`. Names that are none are told, with their place.
 */
export function fillIn(
  value: unknown,
  variables: Variables,
  tell: (fault: Fault) => void,
  path: readonly (string | number)[] = [],
): unknown {
  if (Array.isArray(value))
    return value.map((one, at) => fillIn(one, variables, tell, [...path, at]));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        fillIn(one, variables, tell, [...path, name]),
      ]),
    );
  if (typeof value !== "string" || !value.includes("${")) return value;
  const known = (name: string): unknown => {
    if (Object.hasOwn(variables, name)) return variables[name];
    const meant = suggest(name, Object.keys(variables));
    tell({
      ...{ code: "fleet.unknown-variable", path: [...path] },
      message: `there is no variable "${name}"`,
      ...(meant !== undefined && { hint: `did you mean \${${meant}}?` }),
    });
    return "";
  };
  const whole = /^\$\{([^}]*)\}$/.exec(value)?.[1];
  if (whole !== undefined) return known(whole);
  return value.replace(variable, (text, escaped: string | undefined, name: string) =>
    escaped === undefined ? String(known(name)) : text.slice(1),
  );
}
