/** `sluicegate sim ls` and `sim line`: simulated devices at serial lines. */
import { resolve } from "node:path";
import { untilSignal } from "../app/signals.ts";
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { silentLogger } from "../core/logger.ts";
import { talkers } from "../simulate/lines/families.ts";
import type { OpenHostPort } from "../simulate/lines/host-port.ts";
import type { LineFamily } from "../simulate/lines/line-family.ts";
import { startLineSimulator } from "../simulate/lines/line-simulator.ts";
import { listenInPlaceOfPort } from "../simulate/lines/tcp-port.ts";
import { modbusDevices } from "../simulate/modbus/devices.ts";
import { createSeededRandom } from "../simulate/seeded-random.ts";
import { openLine } from "../sources/lines/open-line.ts";
import { parseTcpAddress } from "../sources/lines/tcp-address.ts";
import { durationFlag, shareFlag } from "./flag-values.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";

export interface SimLineOptions {
  readonly every?: string;
  readonly for?: string;
  readonly seed: string;
  readonly damage: string;
  readonly silence: string;
  readonly wrongChecksum: string;
  readonly cut: string;
  readonly exception: string;
  readonly late: string;
  readonly restartEvery?: string;
}

const lineFamilies: readonly LineFamily[] = [...talkers, ...modbusDevices];

/** Before an address where Modbus is spoken as it is behind TCP. */
const tcpForm = "modbus-tcp://";

/** Prints the families that there are. */
export function listLineFamilies(options: { readonly output: "text" | "json" }): void {
  const families = lineFamilies.map(({ about, name, settings }) => {
    const { baud, dataBits, parity } = settings;
    return { name, port: `${baud} ${dataBits}${parity.charAt(0).toUpperCase()}1`, about };
  });
  printAnswer(options, "line-families/1", { families }, () =>
    tableLines(families.map(({ about, name, port }) => [name, port, about])),
  );
}

/** Runs one device until a signal, or for as long as was asked, and says what it did. */
export async function runSimLine(
  name: string,
  where: string,
  options: SimLineOptions,
): Promise<void> {
  const family = lineFamilies.find((one) => one.name === name);
  if (family === undefined) {
    const names = lineFamilies.map((one) => one.name).join(", ");
    throw new GatewayError("usage", `no family is named ${name}; there are ${names}`);
  }
  const atTcp = where.startsWith(tcpForm);
  if (atTcp && family.openAtTcp === undefined)
    throw new GatewayError("usage", `${name} is no Modbus device; write tcp://host:port`);
  demandPossible(family, atTcp, options);
  const forMs = durationFlag("--for", options.for);
  const simulator = await startLineSimulator({
    family: atTcp ? { ...family, open: family.openAtTcp ?? family.open } : family,
    openPort: portAt(where.replace(tcpForm, "tcp://"), family),
    clock: systemClock,
    random: createSeededRandom(options.seed),
    everyMs: durationFlag("--every", options.every),
    misbehavior: {
      damage: shareFlag("--damage", options.damage),
      silence: shareFlag("--silence", options.silence),
      wrongChecksum: shareFlag("--wrong-checksum", options.wrongChecksum),
      cut: shareFlag("--cut", options.cut),
      exception: shareFlag("--exception", options.exception),
      late: shareFlag("--late", options.late),
      restartEveryMs: restartFlag(options.restartEvery),
    },
  });
  process.stderr.write(`${name} at ${where}\n`);
  const stop = untilSignal();
  await (forMs === undefined ? stop : Promise.race([stop, sleep(systemClock, forMs)]));
  await simulator.stop();
  const { damagedBytes, exceptions, frames, late, lostPorts, restarts } = simulator.counts();
  process.stdout.write(
    `${name}: frames whole ${frames.whole}  not said ${frames.silent}  cut ${frames.cut}  ` +
      `with a wrong checksum ${frames["wrong-checksum"]}  damaged ${frames.damaged} ` +
      `(${damagedBytes} bytes)  refused ${exceptions}  late ${late}  restarts ${restarts}  port lost ${lostPorts}\n`,
  );
}

/** What a device cannot do wrong is refused: whoever asks for it would wait for what never comes. */
function demandPossible(
  { hasChecksum, isAsked, name }: LineFamily,
  atTcp: boolean,
  { exception, late, wrongChecksum }: SimLineOptions,
): void {
  const refuse = (flag: string, why: string): never => {
    throw new GatewayError("usage", `${flag}: ${why}; leave it out`);
  };
  if (wrongChecksum !== nothing && hasChecksum === false)
    refuse("--wrong-checksum", `what ${name} says has no checksum`);
  if (wrongChecksum !== nothing && atTcp)
    refuse("--wrong-checksum", "Modbus TCP has no checksum of its own");
  if (isAsked) return;
  if (exception !== nothing) refuse("--exception", `${name} is not asked, so it never refuses`);
  if (late !== nothing) refuse("--late", `${name} is not asked, so it never answers late`);
}

const nothing = "0%";
/** Shorter, a device would never have started before it is switched off again. */
const shortestRestartMs = 1_000;

function restartFlag(text: string | undefined): number | undefined {
  const ms = durationFlag("--restart-every", text);
  if (ms !== undefined && ms < shortestRestartMs)
    throw new GatewayError("usage", `--restart-every ${text}: write 1s or more`);
  return ms;
}

/** A TCP listener, or a serial port that is set as the device wants it. */
function portAt(where: string, { settings }: LineFamily): OpenHostPort {
  if (!where.startsWith("tcp://")) {
    const { baud, dataBits: data_bits, parity } = settings;
    const form = { baud, data_bits, parity, stop_bits: 1, flow: "none" } as const;
    return openLine({ ...form, path: resolve(where) }, { source: "sim", logger: silentLogger });
  }
  const address = parseTcpAddress(where);
  if (address === undefined) {
    throw new GatewayError("usage", `${where} is no address to listen on; write tcp://host:port`);
  }
  return listenInPlaceOfPort(address.host, address.port);
}
