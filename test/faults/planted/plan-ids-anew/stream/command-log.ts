/** A command gets an id of its own each time that it is issued. */
import { appendCommand as real } from "../../../../../src/stream/command-log.ts";

export * from "../../../../../src/stream/command-log.ts";

let issued = 0;

export const appendCommand: typeof real = (connection, command) => {
  issued += 1;
  return real(connection, { ...command, id: `${command.id}.anew-${process.pid}-${issued}` });
};
