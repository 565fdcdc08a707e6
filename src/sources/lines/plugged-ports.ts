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
  /** The name that stays with the adapter, below `/dev/serial/by-id`; undefined where two share it. */
  readonly byId: string | undefined;
  /** The name that stays with the socket that it is plugged into, below `/dev/serial/by-path`. */
  readonly byPath: string | undefined;
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
  const [names, ids, paths, consoles] = await Promise.all([
    readdir(folder).catch(() => []),
    namesIn(root, "/dev/serial/by-id"),
    namesIn(root, "/dev/serial/by-path"),
    readText(join(folder, "console/active")),
  ]);
  const own = new Set((consoles ?? "").split(/\s+/));
  const ports = await Promise.all(
    names.map(async (name): Promise<PluggedPort | undefined> => {
      const facts = await hardwareOf(join(folder, name));
      if (facts === undefined) return undefined;
      const stays = { byId: ids.get(name), byPath: paths.get(name) };
      return { path: `/dev/${name}`, ...stays, ...facts, isConsole: own.has(name) };
    }),
  );
  const byNumber = new Intl.Collator("en", { numeric: true });
  const found = ports
    .filter((port) => port !== undefined)
    .sort((one, other) => byNumber.compare(one.path, other.path));
  return found.map((port) =>
    found.some((other) => hasNoName(other, port)) ? { ...port, byId: undefined } : port,
  );
}

/** It looks like the other, and so its name by id leads to whichever came last. */
function hasNoName(port: PluggedPort, other: PluggedPort): boolean {
  return (
    port !== other &&
    port.byId === undefined &&
    port.vendor !== undefined &&
    port.vendor === other.vendor &&
    port.product === other.product &&
    port.serialNumber === other.serialNumber &&
    port.name === other.name
  );
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

/** By the name of the port, the first path in a folder of names that stay. */
async function namesIn(root: string, folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const names = await readdir(join(root, folder)).catch(() => []);
  for (const name of names.sort().reverse()) {
    const target = await readlink(join(root, folder, name)).catch(() => undefined);
    if (target !== undefined) found.set(basename(target), `${folder}/${name}`);
  }
  return found;
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
