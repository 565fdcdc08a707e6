/** `sluicegate ports`: what is plugged in, and what it says. */
import { realpath } from "node:fs/promises";
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { printable } from "../core/printable.ts";
import { lockHolder } from "../sources/lines/lock-holder.ts";
import { type PluggedPort, pluggedPorts } from "../sources/lines/plugged-ports.ts";
import { answerText, printAnswer } from "./print-answer.ts";

export interface PortsOptions {
  readonly output: "text" | "json";
}

export interface WatchOptions extends PortsOptions {
  readonly listen?: string;
  readonly baud?: string;
  readonly form?: string;
}

/** As it is printed as JSON. */
interface PortRow extends PluggedPort {
  /** Another program, as far as it is known. */
  readonly usedBy: string | undefined;
}

const lookEveryMs = 1_000;

export async function listPorts({ output }: PortsOptions): Promise<void> {
  const rows = await readRows();
  printAnswer({ output }, "ports/1", { ports: rows }, () =>
    rows.length === 0 ? ["no serial port is plugged in"] : rows.map(describeRow),
  );
}

/** Prints until it is stopped. */
export async function watchPorts({ listen, output, ...how }: WatchOptions): Promise<void> {
  const ending = new AbortController();
  process.once("SIGINT", () => ending.abort());
  process.once("SIGTERM", () => ending.abort());
  if (listen !== undefined) {
    const { listenTo } = await import("./ports-listen.ts");
    return listenTo(listen, { ...how, output }, ending.signal);
  }
  let before = new Map<string, PortRow>();
  while (!ending.signal.aborted) {
    const now = new Map((await readRows()).map((row) => [`${row.path} ${row.serialNumber}`, row]));
    for (const [key, row] of now) if (!before.has(key)) tell("plugged", row, output);
    for (const [key, row] of before) if (!now.has(key)) tell("unplugged", row, output);
    before = now;
    await sleep(systemClock, lookEveryMs, ending.signal);
  }
}

async function readRows(): Promise<PortRow[]> {
  const ports = await pluggedPorts();
  return Promise.all(
    ports.map(async (port) => {
      const real = await realpath(port.path).catch(() => port.path);
      return { ...port, usedBy: await lockHolder(real) };
    }),
  );
}

function tell(change: "plugged" | "unplugged", row: PortRow, output: PortsOptions["output"]): void {
  const at = new Date(systemClock.wallMs()).toISOString();
  if (output === "json") print(answerText("port-change/1", { at, change, ...row }));
  else print(`${at}  ${change.padEnd(9)}  ${describeRow(row)}`);
}

function describeRow({
  byId,
  byPath,
  isConsole,
  name,
  path,
  product,
  serialNumber,
  usedBy,
  vendor,
}: PortRow) {
  const stays = byId ?? byPath;
  return [
    path,
    ...(vendor === undefined ? ["no USB"] : [`${vendor}:${product}`]),
    ...(serialNumber === undefined ? [] : [`serial number ${serialNumber}`]),
    ...(name === undefined ? [] : [name]),
    ...(stays === undefined ? [] : [stays]),
    ...(isConsole ? ["console of the system"] : []),
    ...(usedBy === undefined ? [] : [`in use by ${usedBy}`]),
  ].join("   ");
}

function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}
