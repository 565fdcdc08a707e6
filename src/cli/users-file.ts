/** The users file of the broker of a site, as commands read and write it. */
import { listedUsers } from "../app/change-users.ts";
import { pathIn } from "../config/path-in.ts";
import { readYaml } from "../config/read-yaml.ts";
import { GatewayError } from "../core/errors.ts";
import { parseCertifiedUsers, type Users } from "../sources/mqtt-broker/users.ts";
import { type PeopleFile, readTextFile, writePeopleFile } from "./people-file.ts";
import { placeOf } from "./site.ts";

export interface UsersFileOptions {
  readonly config: string;
  readonly file?: string;
}

/** The file that is named, or the one that the brokers of the configuration have. */
export async function readUsersFile({ config, file }: UsersFileOptions): Promise<PeopleFile> {
  const place = await placeOf(config);
  if (file !== undefined) return readTextFile(file, config);
  const named = place.config.sources.flatMap((source) =>
    source.kind === "mqtt-broker" && source.users ? [source.users.file] : [],
  );
  const [first, ...others] = new Set(named);
  if (first === undefined)
    throw new GatewayError(
      "usage",
      `no mqtt-broker of ${config} has a users file; add users: { file: devices.yaml } to its source, ` +
        "or name a file with --file",
    );
  if (others.length > 0)
    throw new GatewayError(
      "usage",
      `${config} names several users files: ${named.join(", ")}; say which with --file`,
    );
  return readTextFile(pathIn(place.folder, first), config);
}

/** The users of a file; throws `config.invalid` where it has faults. */
export function usersIn({ path, text }: PeopleFile): Users {
  if (text.trim() === "" || listedUsers(text)?.length === 0) return new Map();
  const yaml = readYaml(text);
  const checked = yaml.ok ? parseCertifiedUsers(yaml.value) : yaml;
  if (checked.ok) return checked.value;
  const [first] = checked.faults;
  const where = first?.path.join(".") || "its text";
  throw new GatewayError(
    "config.invalid",
    `${path}: ${where}: ${first?.message}; correct it first, nothing was changed`,
  );
}

/** Writes a text that is right; undefined is one that could not be made without losing something. */
export async function writeUsers(file: PeopleFile, text: string | undefined): Promise<void> {
  if (text === undefined)
    throw new GatewayError(
      "config.invalid",
      `${file.path} is written in a way that cannot be changed line by line without losing what stands ` +
        "there; write one entry under the other, each beginning with a dash, or change it by hand",
    );
  usersIn({ ...file, text });
  await writePeopleFile(file, text);
}
