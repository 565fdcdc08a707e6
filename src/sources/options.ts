/** What the configuration may say about the ways in: the options of all kinds. */
import * as z from "zod";
import { sourceKinds } from "./kinds.ts";

const [{ options: first }] = sourceKinds;
const [, ...others] = sourceKinds.map(({ options }) => options);

/** `sources[]`: one way in, told apart by its kind. */
const sourceOptions = z.discriminatedUnion("kind", [first, ...others]);

/** Where nothing is written. */
export const defaultSources: readonly z.input<typeof sourceOptions>[] = [{ kind: "mqtt-broker" }];

/** `sources`: all ways in. */
export const sourcesOptions = z
  .array(sourceOptions)
  .max(64)
  .prefault([...defaultSources])
  .describe(
    `The ways in, each told by its kind: ${sourceKinds.map(({ name }) => name).join(", ")}.`,
  );
