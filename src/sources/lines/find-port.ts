/** The one port that fits what is known of its device, wherever it is plugged in. */
import { GatewayError } from "../../core/errors.ts";
import type { LineOptions } from "./options.ts";
import { type PluggedPort, pluggedPorts } from "./plugged-ports.ts";

/** Gives its path. Rejects with `source.unavailable` where none fits, or more than one does. */
export async function findPort(
  match: NonNullable<LineOptions["match"]>,
  root?: string,
): Promise<string> {
  const ports = await pluggedPorts(root);
  const fitting = ports.filter((port) => fits(match, port));
  const [first, second] = fitting;
  if (first !== undefined && second === undefined) return first.path;
  throw new GatewayError(
    "source.unavailable",
    first === undefined
      ? `no port fits match; plugged in are: ${ports.map(describePort).join(", ") || "none"}`
      : `${fitting.length} ports fit match: ${fitting.map(describePort).join(", ")}; ${howToTell(fitting)}`,
  );
}

/** Several ports of one adapter have one serial number, and cheap adapters have none. */
function howToTell(ports: readonly PluggedPort[]): string {
  const numbers = new Set(ports.map(({ serialNumber }) => serialNumber));
  if (numbers.size === ports.length && !numbers.has(undefined)) return "add serial_number";
  const names = ports.map(({ byId, byPath, path }) => byId ?? byPath ?? path);
  return `no serial number tells them apart: write path in place of match, ${names.join(" or ")}`;
}

function fits(
  { product, serial_number, vendor }: NonNullable<LineOptions["match"]>,
  port: PluggedPort,
): boolean {
  return (
    (vendor === undefined || vendor === port.vendor) &&
    (product === undefined || product === port.product) &&
    (serial_number === undefined || serial_number === port.serialNumber)
  );
}

/** `/dev/ttyUSB0 (0403:6001 A900XYZ)`. */
function describePort({ path, product, serialNumber, vendor }: PluggedPort): string {
  const ids = vendor === undefined ? [] : [`${vendor}:${product}`];
  const facts = [...ids, ...(serialNumber === undefined ? [] : [serialNumber])];
  return facts.length === 0 ? path : `${path} (${facts.join(" ")})`;
}
