/** Why a port cannot be opened, in words that say what to do. */
import { readFile, stat } from "node:fs/promises";
import { GatewayError } from "../../core/errors.ts";
import { systemCode, systemReason } from "../../core/system-reason.ts";

function unavailable(words: string, cause: unknown): GatewayError {
  return new GatewayError("source.unavailable", words, { cause });
}

/** The package for ports is missing, or has nothing for this machine. */
export function missingPackage(failure: unknown): GatewayError {
  const isThere =
    failure instanceof Error && !("code" in failure && failure.code === "ERR_MODULE_NOT_FOUND");
  const words = isThere
    ? `the package serialport does not work on this machine (${failure.message.split("\n", 1)[0]}); ports over tcp:// need no package`
    : "serial ports need the package serialport, which is not installed: run npm install serialport@13 beside the program; ports over tcp:// need no package";
  return unavailable(words, failure);
}

/** By what the package says, which carries no code. */
const words: readonly (readonly [RegExp, (path: string) => string | Promise<string>])[] = [
  [/Cannot lock port/, (path) => `${path} is in use by another program, which has locked it`],
  [
    /Device or resource busy/,
    (path) =>
      `${path} is in use by another program, for itself alone (ModemManager looks at each new port for half a minute)`,
  ],
  [/Permission denied|Operation not permitted/, denied],
  [/No such file/, absent],
  [/Inappropriate ioctl|Is a directory|Not a tty/, (path) => `${path} is no serial port`],
  [
    /Input\/output error|No such device/,
    (path) => `${path} has no hardware behind it, or it was unplugged just now`,
  ],
];

function absent(path: string): string {
  return `${path} is not there: it is not plugged in, or has another name (sluicegate ports ls shows all)`;
}

/** The path leads nowhere. */
export function notThere(path: string, failure: unknown): GatewayError {
  const isAbsent = systemCode(failure) === "ENOENT";
  const text = isAbsent ? absent(path) : `${path} cannot be opened: ${systemReason(failure)}`;
  return unavailable(text, failure);
}

/** Puts what the package said into words. */
export async function openFailure(path: string, failure: unknown): Promise<GatewayError> {
  const said = failure instanceof Error ? failure.message : String(failure);
  const [, text] = words.find(([pattern]) => pattern.test(said)) ?? [];
  return unavailable(text ? await text(path) : `${path} cannot be opened: ${said}`, failure);
}

async function denied(path: string): Promise<string> {
  const group = await groupOf(path).catch(() => "dialout");
  if (group === "root")
    return `no permission to open ${path}, which belongs to root alone: let a udev rule give it the group dialout (GROUP="dialout", MODE="0660"), and the user of the gateway, too`;
  return (
    `no permission to open ${path}, which belongs to the group ${group}: ` +
    `run sudo usermod -aG ${group} USER for the user of the gateway and start it again ` +
    `(systemd: SupplementaryGroups=${group}; docker: --group-add ${group})`
  );
}

async function groupOf(path: string): Promise<string> {
  const { gid } = await stat(path);
  const groups = await readFile("/etc/group", "utf8");
  const line = groups.split("\n").find((text) => text.split(":")[2] === String(gid));
  return line?.split(":")[0] ?? String(gid);
}
