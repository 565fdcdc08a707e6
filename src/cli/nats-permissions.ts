/** `sluicegate nats-permissions` */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../core/errors.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { gatewayMember } from "../rights/gateway-rights.ts";
import { hubMembers } from "../rights/hub-rights.ts";
import type { Member } from "../rights/rights.ts";
import { type KeyedMember, serverConfiguration } from "../rights/server-configuration.ts";
import { userClaims } from "../rights/user-claims.ts";
import { isUserKey, makeUserKey, publicKeyOf } from "../stream/nkey.ts";
import { gatewaysNamed } from "./gateway-names.ts";

export interface PermissionsOptions {
  readonly seeds: string;
  readonly form: "server" | "claims";
}

/** Prints who may do what, and writes a seed for each who has none yet. */
export async function runPermissions(
  names: readonly string[],
  { form, seeds }: PermissionsOptions,
): Promise<void> {
  const given = new Map<string, string>();
  const gateways = gatewaysNamed(
    names.map((text) => {
      const [name = "", key] = text.split("=U");
      if (key !== undefined) given.set(name, keyOf(text, `U${key}`));
      return name;
    }),
  );
  const keyed: KeyedMember[] = [];
  for (const origin of gateways) {
    const member = gatewayMember(origin);
    const key = given.get(`${origin.site}/${origin.gateway}`);
    keyed.push({ ...member, publicKey: key ?? (await keyIn(seeds, member)) });
  }
  for (const member of hubMembers(gateways))
    keyed.push({ ...member, publicKey: await keyIn(seeds, member) });
  process.stdout.write(
    form === "server"
      ? serverConfiguration(keyed)
      : `${JSON.stringify({ schema: "sluicegate.nats-claims/1", ...userClaims(keyed) }, null, 2)}\n`,
  );
}

function keyOf(text: string, key: string): string {
  if (isUserKey(key)) return key;
  throw new GatewayError("usage", `${text}: behind = stands the public nkey of a user, U...`);
}

/** The public half of the seed in a member's file, which is made where it is missing. */
async function keyIn(folder: string, { name }: Member): Promise<string> {
  const file = join(folder, `${name}.nk`);
  try {
    return publicKeyOf(await readFile(file, "utf8"), file);
  } catch (thrown) {
    if (systemCode(thrown) !== "ENOENT")
      throw GatewayError.from(thrown, "config.unreadable", `cannot read ${file}`);
  }
  const { publicKey, seed } = makeUserKey();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, `${seed}\n`, { flag: "wx", mode: 0o600 });
    await chmod(file, 0o600);
  } catch (thrown) {
    const why = systemReason(thrown);
    throw new GatewayError("output.unwritable", `cannot write ${file}: ${why}`, { cause: thrown });
  }
  process.stderr.write(`wrote the seed of ${name} to ${file}; take it to where it is used\n`);
  return publicKey;
}
