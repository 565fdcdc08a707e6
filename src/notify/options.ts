/** What the configuration may say about who is told of alerts, and how. */

import * as z from "zod";
import { isObject } from "../core/is-object.ts";
import { suggest } from "../core/suggest.ts";
import { receiverKinds } from "./receivers.ts";
import { receiverName, rootWays, routeOptions } from "./route-options.ts";

const place = {
  at: z
    .enum(["hub", "edge"])
    .optional()
    .describe(
      "Who tells it: the hub of every alert (usual), or each gateway of those that its own rules find, with no backbone.",
    ),
};
const first = receiverKinds[0].options.extend(place);
const [, ...others] = receiverKinds.map(({ options }) => options.extend(place));
const receiverOptions = z.discriminatedUnion("kind", [first, ...others]);

/** `notify`: receivers of alerts, and which of them is told of what. */
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
      .describe(
        "Names of the receivers that are told of what no route matches; without it all that no route names.",
      ),
    routes: routeOptions.optional(),
    ...rootWays,
  })
  .superRefine(checkNames, {
    // A receiver with a fault is there all the same.
    when: ({ issues, value }) =>
      isObject(value) &&
      isObject(value["receivers"]) &&
      !issues.some(({ path }) => path?.[0] === "default" || path?.[0] === "routes"),
  })
  .describe("Who is told of alerts.");

interface Named {
  readonly receivers?: readonly string[] | undefined;
  readonly escalate?: { readonly receivers: readonly string[] } | undefined;
  readonly routes?: readonly Named[] | undefined;
}

function isAtEdge(receiver: unknown): receiver is { readonly kind: unknown } {
  return isObject(receiver) && receiver["at"] === "edge";
}

/** Every place where a receiver is named is one of a receiver that there is. */
function checkNames(
  options: {
    readonly receivers: object;
    readonly default?: readonly string[] | undefined;
    readonly routes?: readonly Named[] | undefined;
  },
  context: z.RefinementCtx,
): void {
  const all = Object.entries(options.receivers);
  const names = all.filter(([, one]) => !isAtEdge(one)).map(([name]) => name);
  for (const [name, one] of all)
    if (isAtEdge(one) && one["kind"] === "alertmanager")
      context.addIssue({
        code: "custom",
        path: ["receivers", name, "at"],
        message: "Alertmanager is told again and again of what the stream of alerts says",
        params: { code: "not-supported", hint: "leave it to the hub" },
      });
  const check = (path: readonly (string | number)[], list: readonly string[] = []): void => {
    for (const [index, name] of list.entries()) {
      if (names.includes(name)) continue;
      const meant = suggest(name, names);
      const isElsewhere = Object.hasOwn(options.receivers, name);
      const hint = isElsewhere
        ? "rules name it in notify, and gateways tell it"
        : meant
          ? `did you mean ${meant}?`
          : `there is ${names.join(", ") || "none"}`;
      context.addIssue({
        code: "custom",
        path: [...path, index],
        message: isElsewhere
          ? `${name} is told by gateways (at: edge), not by routes`
          : `no receiver is named ${name}`,
        params: { code: "unknown-receiver", hint },
      });
    }
  };
  const checkRoutes = (path: readonly (string | number)[], routes: readonly Named[] = []): void => {
    for (const [index, route] of routes.entries()) {
      const at = [...path, "routes", index];
      check([...at, "receivers"], route.receivers);
      check([...at, "escalate", "receivers"], route.escalate?.receivers);
      checkRoutes(at, route.routes);
    }
  };
  check(["default"], options.default);
  checkRoutes([], options.routes);
}

/** The parsed `notify` section. */
export type NotifyOptions = z.output<typeof notifyOptions>;
/** One receiver, told apart by `kind`. */
export type ReceiverOptions = z.output<typeof receiverOptions>;

/** Names of the receivers that the hub tells; the others are told by gateways. */
export function hubReceivers({ receivers }: Pick<NotifyOptions, "receivers">): string[] {
  return Object.keys(receivers).filter((name) => receivers[name]?.at !== "edge");
}

/** Names of the fields in which a receiver of a kind names secrets. */
export function secretFieldsOf(kind: unknown): readonly string[] {
  return receiverKinds.find(({ name }) => name === kind)?.secrets ?? [];
}
