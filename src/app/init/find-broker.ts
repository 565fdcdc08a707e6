/** Who answers where MQTT brokers listen: a broker, or something else that only has the port. */
import { connect } from "node:net";
import { disconnectFrame, encodeConnect } from "../../simulate/mqtt-wire.ts";
import type { DoctorSurroundings } from "../doctor/check.ts";

/** Of somebody who took the connection. */
export interface PortOwner {
  /** It answered a CONNECT as brokers do, be it with a refusal. */
  readonly isBroker: boolean;
  /** What it was that it said, in words for people. */
  readonly said: string;
}

/** The first byte of a CONNACK. */
const connack = 0x20;
const mostShown = 40;

/** Asks once; undefined where nobody listens. A broker keeps nothing of it but a line of its log. */
export function findBroker(
  { host, port }: { readonly host: string; readonly port: number },
  { clock, patienceMs }: Pick<DoctorSurroundings, "clock" | "patienceMs">,
): Promise<PortOwner | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let isOpen = false;
    const end = (owner: PortOwner | undefined): void => {
      timer.cancel();
      socket.destroy();
      resolve(owner);
    };
    const noBroker = (said: string): PortOwner => ({ isBroker: false, said });
    const timer = clock.setTimer(patienceMs, () =>
      end(isOpen ? noBroker("it says nothing") : undefined),
    );
    socket.once("connect", () => {
      isOpen = true;
      const broker = { host, port };
      socket.write(encodeConnect({ clientId: "", broker, keepAliveSeconds: 0 }));
    });
    socket.once("data", (bytes) => {
      if (bytes[0] !== connack) return end(noBroker(`it says "${firstLine(bytes)}"`));
      socket.write(disconnectFrame);
      end({ isBroker: true, said: "a broker" });
    });
    socket.on("error", () => end(isOpen ? noBroker("it hangs up") : undefined));
    socket.on("close", () => end(isOpen ? noBroker("it hangs up") : undefined));
  });
}

function firstLine(bytes: Buffer): string {
  const [line = ""] = bytes.toString("latin1").split(/\r?\n/);
  return line.replace(/[^ -~]/g, ".").slice(0, mostShown);
}
