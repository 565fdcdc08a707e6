import { isObject } from "../../core/is-object.ts";
import { isSecretName } from "../../core/mask-secrets.ts";

const covered = "***";
/** Who logs in: a name is half of a login. */
const people = new Set(["user", "username", "from", "to", "chat_id"]);
/** What people write about devices for themselves. */
const free = new Set(["tags", "attrs", "attributes", "labels", "headers"]);

/** The configuration without values of secrets, names of users, and what people wrote for themselves; comments are gone. */
export function coverConfig(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(coverConfig);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (free.has(name) && isObject(one))
        return [name, Object.fromEntries(Object.keys(one).map((key) => [key, covered]))];
      const isCovered = people.has(name) || (isSecretName(name) && typeof one !== "object");
      return [name, isCovered ? covered : coverConfig(one)];
    }),
  );
}
