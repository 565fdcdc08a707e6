/** A simulated device at a port: switched on, restarted, misbehaving, and counted. */
import type { Clock, Timer } from "../../core/clock.ts";
import type { Random } from "../../core/retry.ts";
import { KeptPort, type OpenHostPort } from "./host-port.ts";
import type { LineDevice, LineFamily, LineFrame } from "./line-family.ts";
import { type FrameFate, type LineCounts, type Misbehavior, wellBehaved } from "./misbehavior.ts";
import { spoken } from "./voice.ts";

export interface LineSimulatorOptions {
  readonly family: LineFamily;
  readonly openPort: OpenHostPort;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: as real ones do. */
  readonly everyMs?: number | undefined;
  readonly misbehavior?: Partial<Misbehavior>;
  /** Hears of each frame, and what became of it. */
  readonly onFrame?: (frame: LineFrame, fate: FrameFate) => void;
}

export interface LineSimulator {
  /** Changes what goes wrong from now on; what is not named stays. */
  misbehave(change: Partial<Misbehavior>): void;
  /** Off, and on again a moment later, as at a power cut; numbers of readings go on. */
  restart(): void;
  counts(): LineCounts;
  /** Switches the device off and gives the port back. */
  stop(): Promise<void>;
}

/** How long a device takes to start. */
const startMs = 500;

/** Opens the port and switches the device on. Rejects when the port cannot be had at once. */
export async function startLineSimulator(options: LineSimulatorOptions): Promise<LineSimulator> {
  const { clock, family, onFrame, random } = options;
  const everyMs = options.everyMs ?? family.everyMs;
  const frames = { whole: 0, silent: 0, cut: 0, "wrong-checksum": 0, damaged: 0 };
  let how: Misbehavior = { ...wellBehaved, ...options.misbehavior };
  const wrong = { exception: 0, late: 0 };
  let damagedBytes = 0;
  let restarts = 0;
  let number = 0;
  let device: LineDevice | undefined;
  let hear: ((bytes: Uint8Array) => void) | undefined;
  let startTimer: Timer | undefined;
  let restartTimer: Timer | undefined;
  const port = await KeptPort.open(options.openPort, (bytes) => hear?.(bytes), clock);

  const write = (frame: LineFrame): void => {
    const said = spoken(frame, port.takes ? how : { ...how, silence: 1 }, random);
    frames[said.fate] += 1;
    damagedBytes += said.damagedBytes;
    onFrame?.(frame, said.fate);
    if (said.bytes !== undefined) port.write(said.bytes);
  };
  const onData = (listener: (bytes: Uint8Array) => void): void => {
    hear = listener;
  };
  const nextNumber = (): number => {
    number += 1;
    return number;
  };
  const goesWrong = (what: "exception" | "late"): boolean => {
    const goes = how[what] > 0 && random() < how[what];
    if (goes) wrong[what] += 1;
    return goes;
  };
  const switchOn = (): void => {
    const surroundings = { clock, random, everyMs, nextNumber, goesWrong };
    device = family.open({ write, onData }, surroundings);
  };
  const switchOff = (): void => {
    device?.off();
    device = undefined;
    hear = undefined;
    startTimer?.cancel();
  };
  const restart = (): void => {
    switchOff();
    restarts += 1;
    startTimer = clock.setTimer(startMs, switchOn);
  };
  const planRestart = (): void => {
    restartTimer?.cancel();
    if (how.restartEveryMs === undefined) return;
    restartTimer = clock.setTimer(how.restartEveryMs, () => {
      restart();
      planRestart();
    });
  };

  switchOn();
  planRestart();
  return {
    misbehave(change) {
      how = { ...how, ...change };
      if ("restartEveryMs" in change) planRestart();
    },
    restart,
    counts: () => ({
      frames: { ...frames },
      damagedBytes,
      exceptions: wrong.exception,
      late: wrong.late,
      restarts,
      lostPorts: port.losses,
    }),
    async stop() {
      switchOff();
      restartTimer?.cancel();
      await port.close();
    },
  };
}
