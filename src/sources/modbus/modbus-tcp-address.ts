/** Addresses of Modbus TCP as people write them: `modbus-tcp://10.0.0.7`, `modbus-tcp://plc:1502`. */
import { parseTcpAddress, type TcpAddress } from "../lines/tcp-address.ts";

const usualPort = 502;
const scheme = "modbus-tcp://";

/** Takes the address apart; undefined when it is none. */
export function parseModbusTcp(text: string): TcpAddress | undefined {
  if (!text.startsWith(scheme)) return undefined;
  const place = text.slice(scheme.length).replace(/\/$/, "");
  return parseTcpAddress(`tcp://${place}`) ?? parseTcpAddress(`tcp://${place}:${usualPort}`);
}
