import { mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { cautions } from "../../../src/sources/lines/cautions.ts";
import { findPort } from "../../../src/sources/lines/find-port.ts";
import { lockHolder } from "../../../src/sources/lines/lock-holder.ts";
import { pluggedPorts } from "../../../src/sources/lines/plugged-ports.ts";
import { tempFolder } from "../../support/temp-folder.ts";

async function file(root: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function plugAt(
  root: string,
  name: string,
  at: string,
  facts: Record<string, string>,
): Promise<void> {
  const device = join(root, "sys/devices/usb1", at, `${at}:1.0`, name);
  for (const [field, value] of Object.entries(facts))
    await file(root, `sys/devices/usb1/${at}/${field}`, `${value}\n`);
  await mkdir(device, { recursive: true });
  await mkdir(join(root, "sys/class/tty", name), { recursive: true });
  await symlink(device, join(root, "sys/class/tty", name, "device"));
}

/** Two adapters and a console, as Linux shows them. */
async function machine(): Promise<string> {
  const root = await tempFolder();
  const ftdi = {
    idVendor: "0403",
    idProduct: "6001",
    manufacturer: "FTDI",
    product: "FT232R USB UART",
  };
  await plugAt(root, "ttyUSB10", "1-2", { ...ftdi, serial: "A900XYZ" });
  await plugAt(root, "ttyUSB2", "1-3", { ...ftdi, serial: "B1" });
  await mkdir(join(root, "sys/devices/platform/uart"), { recursive: true });
  for (const [name, type] of [
    ["ttyAMA0", "32"],
    ["ttyS0", "0"],
  ] as const) {
    await file(root, `sys/class/tty/${name}/type`, `${type}\n`);
    await symlink(
      join(root, "sys/devices/platform/uart"),
      join(root, "sys/class/tty", name, "device"),
    );
  }
  await file(root, "sys/class/tty/tty1/dev", "4:1\n");
  await file(root, "sys/class/tty/console/active", "tty1 ttyAMA0\n");
  await mkdir(join(root, "dev/serial/by-id"), { recursive: true });
  await symlink(
    "../../ttyUSB10",
    join(root, "dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A900XYZ-if00-port0"),
  );
  return root;
}

describe("the ports of a machine", () => {
  it("are those with hardware, with their USB device and the name that stays", async () => {
    const ports = await pluggedPorts(await machine());
    expect(ports.map(({ path }) => path)).toEqual([
      "/dev/ttyAMA0",
      "/dev/ttyUSB2",
      "/dev/ttyUSB10",
    ]);
    expect(ports[2]).toEqual({
      path: "/dev/ttyUSB10",
      byId: "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A900XYZ-if00-port0",
      byPath: undefined,
      vendor: "0403",
      product: "6001",
      serialNumber: "A900XYZ",
      name: "FTDI FT232R USB UART",
      isConsole: false,
    });
    expect(ports[0]).toMatchObject({ isConsole: true, vendor: undefined });
    expect(await pluggedPorts(await tempFolder())).toEqual([]);
  });

  it("are found by their device, and refused where it is not told which", async () => {
    const root = await machine();
    const match = { vendor: "0403", product: undefined, serial_number: "A900XYZ" };
    expect(await findPort(match, root)).toBe("/dev/ttyUSB10");
    await expect(findPort({ ...match, serial_number: undefined }, root)).rejects.toThrow(
      "2 ports fit match: /dev/ttyUSB2 (0403:6001 B1), /dev/ttyUSB10 (0403:6001 A900XYZ); add serial_number",
    );
    await expect(findPort({ ...match, vendor: "10c4" }, root)).rejects.toThrow(
      "no port fits match; plugged in are: /dev/ttyAMA0, /dev/ttyUSB2",
    );
  });

  it("that look the same have a name by their socket alone, and are told apart by it", async () => {
    const root = await machine();
    const cheap = { idVendor: "1a86", idProduct: "7523", product: "USB Serial" };
    for (const [name, at] of [
      ["ttyUSB3", "1-4"],
      ["ttyUSB4", "1-5"],
    ] as const) {
      await plugAt(root, name, at, cheap);
      await mkdir(join(root, "dev/serial/by-path"), { recursive: true });
      for (const version of ["usb", "usbv2"]) {
        const link = `dev/serial/by-path/pci-0000:00:14.0-${version}-0:${at.at(-1)}:1.0-port0`;
        await symlink(`../../${name}`, join(root, link));
      }
    }
    await symlink("../../ttyUSB4", join(root, "dev/serial/by-id/usb-1a86_USB_Serial-if00-port0"));
    const ports = await pluggedPorts(root);
    const cheapOnes = ports.filter(({ vendor }) => vendor === "1a86");
    expect(cheapOnes).toMatchObject([
      { byId: undefined, byPath: "/dev/serial/by-path/pci-0000:00:14.0-usb-0:4:1.0-port0" },
      { byId: undefined, byPath: "/dev/serial/by-path/pci-0000:00:14.0-usb-0:5:1.0-port0" },
    ]);
    const match = { vendor: "1a86", product: undefined, serial_number: undefined };
    await expect(findPort(match, root)).rejects.toThrow(
      "no serial number tells them apart: write path in place of match, /dev/serial/by-path/pci-0000:00:14.0-usb-0:4:1.0-port0 or ",
    );
  });

  it("are warned of where the system writes to them, or the speed is unusual", async () => {
    const root = await machine();
    expect(await cautions("/dev/ttyUSB2", { baud: 9_600 }, root)).toEqual([]);
    const [unusual, console] = await cautions("/dev/ttyAMA0", { baud: 12_345 }, root);
    expect(unusual).toContain("12345 baud is unusual");
    expect(console).toContain("systemctl disable --now serial-getty@ttyAMA0");
  });

  it("are in use by whoever has locked them, or left a lock file and lives", async () => {
    const root = await tempFolder();
    const port = join(root, "ttyUSB0");
    await writeFile(port, "");
    await mkdir(join(root, "proc/812"), { recursive: true });
    await writeFile(join(root, "proc/812/comm"), "minicom\n");
    expect(await lockHolder(port, root)).toBeUndefined();
    await mkdir(join(root, "var/lock"), { recursive: true });
    await writeFile(join(root, "var/lock/LCK..ttyUSB0"), "       812\n");
    expect(await lockHolder(port, root)).toBe("minicom (process 812)");
    await writeFile(join(root, "var/lock/LCK..ttyUSB0"), "       813\n");
    expect(await lockHolder(port, root)).toBeUndefined();
    const { dev, ino } = await stat(port);
    const major = Math.floor(dev / 0x100) % 0x1000;
    const minor = (dev % 0x100) + Math.floor(dev / 0x100000) * 0x100;
    const place = `${major.toString(16).padStart(2, "0")}:${minor.toString(16).padStart(2, "0")}:${ino}`;
    await writeFile(join(root, "proc/locks"), `1: FLOCK  ADVISORY  WRITE 812 ${place} 0 EOF\n`);
    expect(await lockHolder(port, root)).toBe("minicom (process 812)");
  });
});
