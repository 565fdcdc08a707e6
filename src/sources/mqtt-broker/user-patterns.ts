/**
 * Rights that are written once for many clients, as Mosquitto has them: a level `%u` of a filter is the
 * name of the user, a level `%c` the identifier of the client.
 *
 * A name that is not one plain level stands for nothing: with `a/b`, `+` or `#` in the place of a level a
 * client would choose its rights itself.
 */
import type { User } from "./users.ts";

/** The user as this client has it: no filter has a placeholder any more. */
export function asClient(user: User, client: string): User {
  if (![...user.publish, ...user.subscribe].some(hasPlaceholder)) return user;
  const fill = (filters: readonly string[]): string[] =>
    filters.flatMap((filter) => filled(filter, user.name, client) ?? []);
  return { ...user, publish: fill(user.publish), subscribe: fill(user.subscribe) };
}

function hasPlaceholder(filter: string): boolean {
  return filter.split("/").some((level) => level === "%u" || level === "%c");
}

function filled(filter: string, name: string, client: string): string | undefined {
  const levels = filter
    .split("/")
    .map((level) => (level === "%u" ? name : level === "%c" ? client : level));
  const isPlain =
    (!filter.includes("%u") || isOneLevel(name)) && (!filter.includes("%c") || isOneLevel(client));
  return isPlain ? levels.join("/") : undefined;
}

function isOneLevel(name: string): boolean {
  return name !== "" && !/[/+#\0]/.test(name);
}
