import { accessFault } from "../../sources/mqtt-broker/access.ts";
import { parseUsers, type Users } from "../../sources/mqtt-broker/users.ts";
import { pathIn } from "../path-in.ts";
import type { Load } from "./load.ts";
import type { SiteFile } from "./site-reading.ts";

/** The users of the sources that have a users file, by their place among `sources`. */
export async function loadUsers({
  folder,
  main,
  reading,
  sections,
}: Load): Promise<Map<number, Users>> {
  const users = new Map<number, Users>();
  const files = new Map<string, SiteFile<Users> | undefined>();
  for (const { at, value: source } of sections.sources) {
    const access = accessFault(source);
    if (access) main.report({ ...access, path: ["sources", at, ...access.path] });
    if (!source.users) continue;
    const path = pathIn(folder, source.users.file);
    if (!files.has(path)) {
      const named = ["sources", at, "users", "file"];
      const unreadable = (message: string): void =>
        main.report({ code: "config.unreadable", path: named, message });
      files.set(path, await reading.read(path, { parse: parseUsers, unreadable, secret: true }));
    }
    const file = files.get(path);
    if (file?.value) users.set(at, file.value);
  }
  return users;
}
