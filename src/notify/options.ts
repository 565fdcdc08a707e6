/** What the configuration may say about who is told of alerts, and how. */

import * as z from "zod";
import { isObject } from "../core/is-object.ts";
import { suggest } from "../core/suggest.ts";
import { receiverKinds } from "./receivers.ts";

const receiverName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    "a receiver's name is 1 to 64 letters, digits, underscores and hyphens",
  );

const [{ options: first }] = receiverKinds;
const [, ...others] = receiverKinds.map(({ options }) => options);
const receiverOptions = z.discriminatedUnion("kind", [first, ...others]);

/** `notify`: receivers of alert transitions. */
export const notifyOptions = z
  .strictObject({
    receivers: z
      .record(receiverName, receiverOptions)
      .prefault({ log: { kind: "log" } })
      .describe(`Receivers by name: ${receiverKinds.map(({ name }) => name).join(" or ")}.`),
    default: z
      .array(receiverName)
      .max(64)
      .optional()
      .describe("Names of the receivers that are told of every transition; without it all are."),
  })
  .superRefine(checkDefault, {
    // A receiver with a fault is there all the same.
    when: ({ issues, value }) =>
      isObject(value) &&
      isObject(value["receivers"]) &&
      !issues.some(({ path }) => path?.[0] === "default"),
  })
  .describe("Who is told of alerts.");

function checkDefault(
  options: {
    readonly receivers: object;
    readonly default?: readonly string[] | undefined;
  },
  context: z.RefinementCtx,
): void {
  const names = Object.keys(options.receivers);
  for (const [index, name] of options.default?.entries() ?? []) {
    if (names.includes(name)) continue;
    const meant = suggest(name, names);
    const hint = meant ? `did you mean ${meant}?` : `there is ${names.join(", ") || "none"}`;
    context.addIssue({
      code: "custom",
      path: ["default", index],
      message: `no receiver is named ${name}`,
      params: { code: "unknown-receiver", hint },
    });
  }
}

/** The parsed `notify` section. */
export type NotifyOptions = z.output<typeof notifyOptions>;
/** One receiver, told apart by `kind`. */
export type ReceiverOptions = z.output<typeof receiverOptions>;

/** Names of the fields in which a receiver of a kind names secrets. */
export function secretFieldsOf(kind: unknown): readonly string[] {
  return receiverKinds.find(({ name }) => name === kind)?.secrets ?? [];
}
