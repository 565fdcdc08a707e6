/**
 * Which ports there are, read from where the kernel tells it: no program is run for it, since slim
 * systems have none.
 */
import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A port that is there. */
export interface PluggedPort {
  /** `/dev/ttyUSB0`. */
  readonly path: string;
  /** The name that stays the same, below `/dev/serial/by-id`. */
  readonly byId: string | undefined;
  /** Of a USB device, four hexadecimal digits each. */
  readonly vendor: string | undefined;
  readonly product: string | undefined;
  readonly serialNumber: string | undefined;
  /** What the device calls itself: `FTDI FT232R USB UART`. */
  readonly name: string | undefined;
  /** The kernel writes its own messages there, and often a login waits: no device is read. */
  readonly isConsole: boolean;
}

/** All of them, by name; none where the system tells nothing. `root` is that of the system. */
export async function pluggedPorts(root = "/"): Promise<PluggedPort[]> {
  const folder = join(root, "sys/class/tty");
  const [names, ids, consoles] = await Promise.all([
    readdir(folder).catch(() => []),
    namesById(root),
    readText(join(folder, "console/active")),
  ]);
  const own = new Set((consoles ?? "").split(/\s+/));
  const ports = await Promise.all(
    names.map(async (name): Promise<PluggedPort | undefined> => {
      const facts = await hardwareOf(join(folder, name));
      return (
        facts && { path: `/dev/${name}`, byId: ids.get(name), ...facts, isConsole: own.has(name) }
      );
    }),
  );
  const byNumber = new Intl.Collator("en", { numeric: true });
  return ports
    .filter((port) => port !== undefined)
    .sort((one, other) => byNumber.compare(one.path, other.path));
}

type Hardware = Pick<PluggedPort, "vendor" | "product" | "serialNumber" | "name">;

/** What is behind a terminal; undefined where it is none of wires. */
async function hardwareOf(folder: string): Promise<Hardware | undefined> {
  const device = await realpath(join(folder, "device")).catch(() => undefined);
  if (device === undefined) return undefined;
  // Boards list serial ports that they have no chip for: those are of type 0.
  if ((await readText(join(folder, "type")))?.trim() === "0") return undefined;
  const usb = await usbDeviceAbove(device);
  if (usb === undefined)
    return { vendor: undefined, product: undefined, serialNumber: undefined, name: undefined };
  const [vendor, product, serialNumber, maker, model] = await Promise.all(
    ["idVendor", "idProduct", "serial", "manufacturer", "product"].map(async (field) =>
      (await readText(join(usb, field)))?.trim(),
    ),
  );
  const name = [maker, model].filter(Boolean).join(" ");
  return { vendor, product, serialNumber, name: name === "" ? undefined : name };
}

/** The folder of the USB device that an interface belongs to. */
async function usbDeviceAbove(device: string): Promise<string | undefined> {
  let folder = device;
  for (let depth = 0; depth < 5; depth++) {
    if ((await readText(join(folder, "idVendor"))) !== undefined) return folder;
    folder = dirname(folder);
  }
  return undefined;
}

/** By the name of the port, the path below `/dev/serial/by-id`. */
async function namesById(root: string): Promise<Map<string, string>> {
  const folder = join(root, "dev/serial/by-id");
  const found = new Map<string, string>();
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(join(folder, name)).catch(() => undefined);
    if (target !== undefined) found.set(basename(target), `/dev/serial/by-id/${name}`);
  }
  return found;
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
