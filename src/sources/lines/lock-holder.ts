/**
 * Who else has a port, as far as the system tells. It is asked before a port is opened: the package
 * sets speed and parity first and looks for a lock then, which would disturb whoever reads there.
 */
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";

/** The folder of the lock files of UUCP, which terminal programs and ser2net write. */
const lockFolder = "var/lock";

/** `minicom (process 812)`; undefined where nobody is known. `root` is that of the system. */
export async function lockHolder(realPath: string, root = "/"): Promise<string | undefined> {
  const pid = (await flockHolder(realPath, root)) ?? (await lockFileHolder(realPath, root));
  if (pid === undefined || pid === process.pid) return undefined;
  const name = await readText(join(root, "proc", String(pid), "comm"));
  return name === undefined ? undefined : `${name.trim()} (process ${pid})`;
}

/** By `flock`, from the list of the kernel. */
async function flockHolder(realPath: string, root: string): Promise<number | undefined> {
  const [locks, facts] = await Promise.all([
    readText(join(root, "proc/locks")),
    stat(realPath).catch(() => undefined),
  ]);
  if (locks === undefined || facts === undefined) return undefined;
  for (const line of locks.split("\n")) {
    const match = /FLOCK\s+\S+\s+WRITE\s+(\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s/.exec(line);
    if (match === null || Number(match[4]) !== facts.ino) continue;
    const [major, minor] = [
      Number.parseInt(match[2] ?? "", 16),
      Number.parseInt(match[3] ?? "", 16),
    ];
    if (deviceNumber(major, minor) === facts.dev) return Number(match[1]);
  }
  return undefined;
}

/** As `stat` gives it on Linux. */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) + (major & 0xfff) * 0x100 + (minor >>> 8) * 0x100000;
}

/** By a lock file with the number of a process that is still there. */
async function lockFileHolder(realPath: string, root: string): Promise<number | undefined> {
  const text = await readText(join(root, lockFolder, `LCK..${basename(realPath)}`));
  const pid = Number(/^\s*(\d+)/.exec(text ?? "")?.[1]);
  return pid > 0 ? pid : undefined;
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
