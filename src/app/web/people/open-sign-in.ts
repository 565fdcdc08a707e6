/** Who may come in, joined: the files of people and programs, sessions, links that a terminal shows. */
import { KnownPeople } from "../../../api/sign-in/known-people.ts";
import { OneTimeLinks } from "../../../api/sign-in/one-time-links.ts";
import { SessionBook } from "../../../api/sign-in/session-book.ts";
import { signInDesk } from "../../../api/sign-in/sign-in-desk.ts";
import { nodeDisk } from "../../../buffer/disk.ts";
import { pathIn } from "../../../config/path-in.ts";
import type { AtEnd } from "../../../core/open-parts.ts";
import { version } from "../../version.ts";
import type { WebSurroundings } from "../web-surroundings.ts";
import { SessionFile } from "./session-file.ts";

/** `ended` is called when somebody may look no more. */
export async function openSignIn(
  { audit, clock, logger: loggerOf, roles, site }: WebSurroundings,
  ended: () => void,
  atEnd: AtEnd,
) {
  const { session, tokens, users } = site.config.console;
  const logger = loggerOf("console");
  const sessions = new SessionBook(clock, { idleMs: session.idle, mostMs: session.most });
  const links = new OneTimeLinks(clock);
  const people = new KnownPeople({
    usersFile: pathIn(site.folder, users),
    tokensFile: pathIn(site.folder, tokens),
    ...{ disk: nodeDisk, audit, clock, logger },
    changed(names) {
      sessions.closeWhere(({ name }) => names.has(name));
      ended();
    },
  });
  await people.start();
  atEnd(() => people.stop());
  const sessionFile = new SessionFile({
    ...{ sessions, people, disk: nodeDisk, clock, logger },
    folder: pathIn(site.folder, site.config.gateway.data),
    name: `console-sessions-${roles.join("-")}`,
  });
  await sessionFile.recall();
  atEnd(() => sessionFile.stop());
  const here = {
    version,
    site: site.config.site,
    gateway: roles.includes("gateway") ? site.config.gateway.id : null,
    roles: [...roles],
    shows: roles.includes("console") ? ("hub" as const) : ("gateway" as const),
  };
  const changed = (): void => sessionFile.changed();
  return {
    links,
    isKnownName: (name: string) =>
      people.user(name) !== undefined || people.tokens.some((token) => token.name === name),
    askers: { sessions, tokens: () => people.tokens, wallMs: () => clock.wallMs() },
    desk: {
      ...signInDesk({ clock, sessions, links, people, ended, changed }),
      here: () => here,
    },
  };
}
