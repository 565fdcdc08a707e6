/** What a publisher of MQTT messages hears from its broker. The one door of `mqtt-packet` for both who publish. */
import { type Packet, parser } from "mqtt-packet";

export type { Packet };

/** In order: the broker forgets the client. */
export const disconnectFrame: Buffer = Buffer.from([0xe0, 0]);

/** All that a publisher is sent is short. */
const mostBytes = 65_536;

/**
 * Gives the function that takes bytes as they come, of MQTT 3.1.1 (4) or 5; `broken` is called at most
 * once, and nothing more is given behind it.
 */
export function createReader(
  protocolVersion: 4 | 5,
  onPacket: (packet: Packet) => void,
  broken: (words: string) => void,
): (chunk: Buffer) => void {
  const packets = parser({ protocolVersion });
  let bytes = 0;
  let isBroken = false;
  const fail = (words: string): void => {
    if (!isBroken) broken(words);
    isBroken = true;
  };
  packets.on("packet", (packet) => {
    bytes = 0;
    if (!isBroken) onPacket(packet);
  });
  packets.on("error", () => fail("the broker sent bytes that are no MQTT"));
  return (chunk) => {
    bytes += chunk.length;
    try {
      if (!isBroken) packets.parse(chunk);
    } catch {
      fail("the broker sent bytes that are no MQTT");
    }
    if (bytes > mostBytes) fail("the broker sends a packet without end");
  };
}
