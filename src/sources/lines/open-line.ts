/** From the options of a line to the line: its port found, claimed, and opened. */
import { realpath } from "node:fs/promises";
import { GatewayError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { ByteLine, OpenLine } from "./byte-line.ts";
import { cautions } from "./cautions.ts";
import { findPort } from "./find-port.ts";
import { lineOwners } from "./line-owners.ts";
import { lockHolder } from "./lock-holder.ts";
import type { LineOptions } from "./options.ts";
import { notThere } from "./port-failure.ts";
import { openSerialLine } from "./serial-line.ts";
import { parseTcpAddress, tcpPlace } from "./tcp-address.ts";
import { openTcpLine } from "./tcp-line.ts";
import { hearingTelnet } from "./telnet-greeting.ts";

export interface OpenLineDeps {
  /** The name of the source, for others that want the same line. */
  readonly source: string;
  readonly logger: Logger;
}

/** `/dev/ttyUSB0`, `tcp://10.0.0.7:3001`, `the port 0403:6001 A900XYZ`: what people know a line by. */
export function lineName({ match, path }: Pick<LineOptions, "match" | "path">): string {
  if (path !== undefined) return path;
  const { product, serial_number, vendor = "" } = match ?? {};
  const ids = product === undefined ? vendor : `${vendor}:${product}`;
  return ["usb", ids, serial_number].filter(Boolean).join(" ");
}

/** How a line is opened, each time. A line that is open in this process is refused to others. */
export function openLine(options: LineOptions, { logger, source }: OpenLineDeps): OpenLine {
  const told = new Set<string>();
  const warn = (words: string): void => {
    if (!told.has(words)) logger.warn(words, { source });
    told.add(words);
  };
  return async (ear) => {
    const path = options.path ?? (await findPort(options.match ?? {}));
    const tcp = parseTcpAddress(path);
    const place = tcp === undefined ? await placeOf(path) : tcpPlace(tcp);
    const release = lineOwners.claim(place, source);
    try {
      if (tcp !== undefined)
        return released(await openTcpLine(path, tcp, hearingTelnet(path, ear, warn)), release);
      const holder = await lockHolder(place);
      if (holder !== undefined)
        throw new GatewayError(
          "source.unavailable",
          `${path} is in use by ${holder}: stop that, or give it another port; where a gateway has it, sluicegate tap received shows what comes`,
        );
      for (const words of await cautions(place, options)) warn(words);
      return released(await openSerialLine({ path, realPath: place }, options, ear, warn), release);
    } catch (failure) {
      release();
      throw failure;
    }
  };
}

async function placeOf(path: string): Promise<string> {
  return realpath(path).catch((failure: unknown) => {
    throw notThere(path, failure);
  });
}

/** The line, which is another's once it is closed. */
function released(line: ByteLine, release: () => void): ByteLine {
  let closing: Promise<void> | undefined;
  return {
    path: line.path,
    write: (bytes) => line.write(bytes),
    pause: () => line.pause(),
    resume: () => line.resume(),
    close: () => {
      closing ??= line.close().finally(release);
      return closing;
    },
  };
}
