/** From the options of a bus to its channel: RTU or ASCII on a line that is kept, or Modbus TCP. */
import type { DeviceId } from "../../core/ids.ts";
import type { OpenLine } from "../lines/byte-line.ts";
import { KeptLine, type LineUser } from "../lines/kept-line.ts";
import { lineOwners } from "../lines/line-owners.ts";
import { LineReport } from "../lines/line-report.ts";
import { openLine } from "../lines/open-line.ts";
import { type TcpAddress, tcpPlace } from "../lines/tcp-address.ts";
import { openTcpLine } from "../lines/tcp-line.ts";
import type { SourceSurroundings } from "../source-kind.ts";
import { asciiFrames } from "./ascii-frames.ts";
import type { Channel, ChannelEar } from "./channel.ts";
import { LineChannel } from "./line-channel.ts";
import { linePace } from "./line-pace.ts";
import { parseModbusTcp } from "./modbus-tcp-address.ts";
import type { ModbusOptions } from "./options.ts";
import { rtuFrames } from "./rtu-frames.ts";
import { TcpChannel } from "./tcp-channel.ts";

/** A device with one place for a client, and another that has it. */
const longestRetryMs = 15_000;

const lineFrames = { rtu: rtuFrames, ascii: asciiFrames };

export interface ChannelPlace {
  /** The name of the source. */
  readonly source: string;
  /** What people know the line by. */
  readonly path: string;
  /** The only device behind it, if it is the only one. */
  readonly device: DeviceId | undefined;
  /** As in `LineReportDeps`. */
  readonly told: (state: "online" | "offline") => void;
}

/** A channel whose line is closed as yet. */
export function openChannel(
  options: ModbusOptions,
  place: ChannelPlace,
  surroundings: SourceSurroundings,
  ear: ChannelEar,
): Channel {
  const { clock, logger } = surroundings;
  const { path, source } = place;
  const tcp = options.path === undefined ? undefined : parseModbusTcp(options.path);
  const open = tcp ? openOnce(path, tcp, source) : openLine(options, { source, logger });
  const keep = (user: LineUser): KeptLine => {
    const report = new LineReport({ ...surroundings, ...place });
    return new KeptLine({ ...{ open, user, report, clock }, ...(tcp && { longestRetryMs }) });
  };
  const shared = { clock, ear, keep, pauseMs: options.pause, warmUpMs: options.warm_up };
  return tcp
    ? new TcpChannel({ ...shared, mostUnderWay: options.under_way })
    : new LineChannel({ ...shared, frames: lineFrames[options.mode], pace: linePace(options) });
}

/** Many devices take one connection only, so it is for one source. */
function openOnce(path: string, tcp: TcpAddress, source: string): OpenLine {
  return async (ear) => {
    const release = lineOwners.claim(tcpPlace(tcp), source);
    try {
      const line = await openTcpLine(path, tcp, ear);
      return { ...line, close: () => line.close().finally(release) };
    } catch (failure) {
      release();
      throw failure;
    }
  };
}
