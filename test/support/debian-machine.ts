/**
 * A Debian with a systemd of its own, on a root folder of its own and with no network: a container of
 * `systemd-nspawn` over a tree of `debootstrap`. Needs root; where that or the programs are missing, the
 * tests that want one are not run.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isHere } from "./programs-here.ts";
import { waitUntil } from "./wait-until.ts";

/** In the tree beside what Debian always has; nothing of it comes from us. */
const packages = "systemd,systemd-sysv,dbus,adduser,nats-server,mosquitto-clients,socat";
const suite = "bookworm";
/** Only ends what hangs: a machine that is busy with other things starts another one in minutes. */
const patienceMs = 900_000;
/** Kept between runs, beside the temporary folders. */
const treePath = join(tmpdir(), `sluicegate-${suite}-tree-1`);

/** Why no machine can be had here; undefined when one can. */
export function machineMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "not root";
  for (const program of ["debootstrap", "systemd-nspawn", "nsenter", "dpkg-deb"])
    if (!isHere(program, "--version")) return `no ${program}`;
  return undefined;
}

export interface Said {
  readonly status: number | null;
  /** Both streams. */
  readonly text: string;
}

export interface DebianMachine {
  /** Its root, as this machine sees it. */
  readonly root: string;
  /** Runs a command line in it, as root. */
  run(line: string): Said;
  /** The same; throws where it fails. */
  must(line: string): string;
  /** All files but those that live and die with the machine, with kind and owner. */
  files(): string[];
  stop(): Promise<void>;
}

/** Makes the tree where there is none yet; a half-made one is thrown away. */
async function debianTree(): Promise<string> {
  if (existsSync(treePath)) return treePath;
  const growing = await mkdtemp(`${treePath}-`);
  execFileSync("debootstrap", ["--variant=minbase", `--include=${packages}`, suite, growing], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await rename(growing, treePath);
  return treePath;
}

/** Starts one; `outside` is a folder of this machine that it sees as `/mnt`. */
export async function startDebianMachine(outside: string): Promise<DebianMachine> {
  const tree = await debianTree();
  const work = await mkdtemp(join(tmpdir(), "sluicegate-machine-"));
  const [root, upper, spare] = ["root", "upper", "spare"].map((name) => join(work, name));
  if (!root || !upper || !spare) throw new Error("three folders");
  for (const folder of [root, upper, spare]) await mkdir(folder);
  const layers = `lowerdir=${tree},upperdir=${upper},workdir=${spare}`;
  execFileSync("mount", ["-t", "overlay", "overlay", "-o", layers, root]);
  await writeFile(join(root, "etc/hostname"), "raspberrypi\n");
  const alone = ["--register=no", "--keep-unit", "--private-network", "--link-journal=no"];
  const args = ["-q", "-D", root, "-b", ...alone, `--bind-ro=${outside}:/mnt`];
  const container = spawn("systemd-nspawn", [...args, "--hostname=raspberrypi"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => container.once("exit", resolve));
    container.kill("SIGKILL");
    await ended;
    await waitUntil(() => spawnSync("umount", [root]).status === 0, "the root is free", patienceMs);
    await rm(work, { recursive: true, force: true });
  };
  try {
    const machine = await whenUp(container, root);
    return { ...machine, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Waits until its systemd has started all there is. */
async function whenUp(container: ChildProcess, root: string): Promise<Omit<DebianMachine, "stop">> {
  let leader = "";
  const run = (line: string): Said => {
    const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const inside = ["-t", leader, "-a", "env", "-i", path, "HOME=/root", "LC_ALL=C.UTF-8"];
    const { status, stdout, stderr } = spawnSync("nsenter", [...inside, "sh", "-c", line], {
      encoding: "utf8",
      timeout: patienceMs,
      maxBuffer: 100_000_000,
    });
    return { status, text: `${stdout}${stderr}` };
  };
  await waitUntil(
    async () => {
      // Before systemd, other processes stand in its place for a moment.
      leader = (await childOf(container)) ?? "";
      return leader !== "" && /running|degraded/.test(run("systemctl is-system-running").text);
    },
    "the machine is up",
    patienceMs,
    300,
  );
  return {
    root,
    run,
    must(line) {
      const said = run(line);
      if (said.status !== 0) throw new Error(`${line}: status ${said.status}\n${said.text}`);
      return said.text;
    },
    files: () => listFiles(root),
  };
}

/** The first process of the container. */
async function childOf({ pid }: ChildProcess): Promise<string | undefined> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const children = (await readFile(path, "utf8").catch(() => "")).trim();
  const [first] = children.split(" ");
  return first === undefined || first === "" ? undefined : first;
}

function listFiles(root: string): string[] {
  const passing = [
    "./proc",
    "./sys",
    "./dev",
    "./run",
    "./tmp",
    "./mnt",
    "./var/log",
    "./var/tmp",
    "./root",
  ];
  const pruned = passing.flatMap((path) => ["-path", path, "-prune", "-o"]);
  const said = execFileSync("find", [".", ...pruned, "-printf", "%p %y %u:%g\n"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  return said.split("\n").sort();
}
