import type { SourceTrial } from "../source-trial.ts";
import { PlayedRtuBus } from "./played-bus.ts";

const bus = await new PlayedRtuBus({ 1: { tables: {} } }).open();

export const trial: SourceTrial = {
  entry: { kind: "modbus", path: bus.path, members: [{ device: "d1", address: 1 }] },
  // Its devices are asked; what they answer is no text of theirs.
  send: undefined,
  acknowledges: false,
};
