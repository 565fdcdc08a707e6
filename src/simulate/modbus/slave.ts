/** A device on a line or behind TCP: it hears requests, and answers those that are for it. */
import type { Timer } from "../../core/clock.ts";
import type { LineDevice, LineFrame, LinePort, LineSurroundings } from "../lines/line-family.ts";
import { answerPdu, deviceFailure, exception } from "./answer-pdu.ts";
import type { RegisterBank } from "./register-bank.ts";

/** A request for somebody, and how its answer is framed. */
export interface Request {
  readonly unit: number;
  readonly pdu: Buffer;
  answer(pdu: Buffer): LineFrame;
}

/** Takes requests out of bytes as they come; what is none is passed over. */
export interface RequestReader {
  push(bytes: Uint8Array): readonly Request[];
}

/** How late an answer is that comes late. */
const lateMs = 1_500;

/** All devices are told at once, and none answers. */
const everybody = 0;

/** The devices at one port, by their addresses; new readings come by themselves. */
export function slavesAt(
  port: LinePort,
  banks: ReadonlyMap<number, RegisterBank>,
  reader: RequestReader,
  surroundings: LineSurroundings,
): LineDevice {
  const { clock, everyMs } = surroundings;
  let number = surroundings.nextNumber();
  const late = new Set<Timer>();
  const next = () =>
    clock.setTimer(everyMs, () => {
      number = surroundings.nextNumber();
      timer = next();
    });
  let timer = next();
  const say = (frame: LineFrame): void => {
    if (!surroundings.goesWrong("late")) {
      port.write(frame);
      return;
    }
    const when = clock.setTimer(lateMs, () => {
      late.delete(when);
      port.write(frame);
    });
    late.add(when);
  };
  port.onData((bytes) => {
    for (const request of reader.push(bytes)) {
      const asked = request.unit === everybody ? [...banks.values()] : [banks.get(request.unit)];
      for (const bank of asked) {
        if (bank === undefined) continue;
        const refused = surroundings.goesWrong("exception");
        const answer = refused
          ? exception(request.pdu[0] ?? 0, deviceFailure)
          : answerPdu(request.pdu, bank, number);
        if (request.unit !== everybody) say({ ...request.answer(answer), number });
      }
    }
  });
  return {
    off() {
      timer.cancel();
      for (const one of late) one.cancel();
    },
  };
}
