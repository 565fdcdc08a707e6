/** The kind `modbus`: the gateway asks devices on a bus. */
import { sourceKind } from "../source-kind.ts";
import { modbusOptions } from "./options.ts";

export const modbus = sourceKind({
  options: modbusOptions,
  load: async (options) => async (surroundings) => {
    const { openModbus } = await import("./modbus-source.ts");
    return openModbus(options, surroundings);
  },
});
