/** The kind `serial`: frames over a line. */
import { sourceKind } from "../source-kind.ts";
import { serialOptions } from "./options.ts";

export const serial = sourceKind({
  options: serialOptions,
  async load(options) {
    return async (surroundings) => {
      const { openSerialSource } = await import("./serial-source.ts");
      return openSerialSource(options, surroundings);
    };
  },
});
