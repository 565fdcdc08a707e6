import type { BytesCodec, Decoded } from "./codec.ts";
import { readStruct } from "./read-struct.ts";
import { structForm } from "./struct-form.ts";
import { buildSteps, type Step } from "./struct-steps.ts";

/** A layout of bytes that a profile describes. */
export const structFields = structForm.transform((fields, context): BytesCodec => {
  const steps = buildSteps(fields, [], new Set(), false, (path, message) =>
    context.addIssue({ code: "custom", message, path }),
  );
  return { ...struct, decode: (bytes) => readStruct(steps, bytes) };
});

const layout: readonly Step[] = buildSteps(
  [
    { name: "temperature", type: "i16be", scale: 0.01 },
    { name: "battery", type: "u8" },
  ],
  [],
  new Set(),
  false,
  () => {},
);

export const struct: BytesCodec = {
  name: "struct",
  about: "bytes by a layout, here i16be with scale 0.01 and u8",
  reads: "bytes",
  options: "fields",
  needsOptions: true,
  decode: (bytes): Decoded => readStruct(layout, bytes),
  example: { payload: "f8d05f", value: { temperature: -18.4, battery: 95 } },
};
