/** Alert transitions are appended without a look at what is stored already. */
import { appendTransition as real } from "../../../../../src/stream/alert-log.ts";
import { unfenced } from "../../../../support/unfenced.ts";

export * from "../../../../../src/stream/alert-log.ts";

export const appendTransition: typeof real = (connection, ...others) =>
  real(unfenced(connection, "alert."), ...others);
