/**
 * The one door of the package that opens serial ports. It is optional: loaded when a port is opened, and
 * told in one sentence where it is missing.
 */
import type { DarwinPortBinding, LinuxPortBinding } from "@serialport/bindings-cpp";
import { GatewayError } from "../../core/errors.ts";
import type { LineOptions } from "./options.ts";
import { missingPackage, openFailure } from "./port-failure.ts";
import type { WireForm } from "./wire-form.ts";

/** A port of a system whose files can be waited for. */
export type SerialPort = LinuxPortBinding | DarwinPortBinding;

/** Opens and locks it. Rejects with `source.unavailable`, in words that say what to do. */
export async function openSerialPort(
  path: string,
  { baud: baudRate, flow }: Pick<LineOptions, "baud" | "flow">,
  { dataBits, parity, stopBits }: WireForm,
): Promise<SerialPort> {
  const { autoDetect } = await import("@serialport/bindings-cpp").catch((failure: unknown) => {
    throw missingPackage(failure);
  });
  try {
    const port = await autoDetect().open({
      ...{ path, baudRate, dataBits, parity, stopBits },
      rtscts: flow === "rts-cts",
      xon: flow === "xon-xoff",
      xoff: flow === "xon-xoff",
    });
    if ("poller" in port) return port;
    await port.close();
  } catch (failure) {
    throw await openFailure(path, failure);
  }
  throw new GatewayError("source.unavailable", `${path}: serial ports are read on Linux and macOS`);
}
