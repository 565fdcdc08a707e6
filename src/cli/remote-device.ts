/** `devices show` of a gateway or hub elsewhere, and which device a name means there. */
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { suggest } from "../core/suggest.ts";
import type { Context } from "./contexts-file.ts";
import { deviceFactLines, listOf, textOf } from "./devices-text.ts";
import { printAnswer } from "./print-answer.ts";
import { askApi } from "./remote.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Its page, as the API has it. Throws `not-found`, or `usage` where several gateways have one of that name. */
export async function remoteDevice(
  context: Context,
  name: string,
  gateway?: string,
): Promise<Facts> {
  const query = new URLSearchParams({ filter: name, limit: "1000" });
  const rows = listOf((await askApi(context, `/devices?${query}`))["devices"]);
  const named = rows.filter(({ device }) => device === name);
  const found = named.filter((row) => gateway === undefined || row["gateway"] === gateway);
  if (found.length > 1)
    throw new GatewayError(
      "usage",
      `several gateways have a device ${name}; ask one of them, or say which with --gateway: ` +
        found.map((row) => textOf(row["gateway"])).join(", "),
    );
  const [row] = found;
  if (row !== undefined)
    return askApi(context, `/devices/${encodeURIComponent(textOf(row["key"]))}`);
  const all = listOf((await askApi(context, "/devices?limit=10000"))["devices"]);
  const near = suggest(
    name,
    all.map(({ device }) => textOf(device)),
  );
  throw new GatewayError(
    "not-found",
    `no device is called ${name} at ${context.url}${near ? `; did you mean ${near}?` : ""}`,
  );
}

/** Prints all of one, as `devices show` does here. */
export async function showRemoteDevice(
  context: Context,
  name: string,
  options: { readonly output?: "text" | "json" },
): Promise<void> {
  const { commands, description, notKnown, row, unread, values, ...page } = await remoteDevice(
    context,
    name,
  );
  const device = {
    ...(isObject(row) ? row : {}),
    ...page,
    values: listOf(values).map(given),
    unread: listOf(unread).map(({ path, ...one }) => ({ ...one, place: path })),
  };
  const answer = { device, commands: listOf(commands).map(commandHere) };
  const said = typeof description === "string" ? ["", "Described by itself", description] : [];
  printAnswer(options, "device/1", { ...answer, description, notKnown }, () => [
    ...deviceFactLines(answer, systemClock.wallMs()),
    ...said.flatMap((lines) => lines.split("\n")),
    ...(Array.isArray(notKnown) ? notKnown.map((line) => `(${String(line)})`) : []),
  ]);
}

/** A declared command under the names that it has here. */
function commandHere({ dangerous, name, params, summary }: Facts): Facts {
  const danger = dangerous === true ? { danger: true } : {};
  return { name, about: summary, ...danger, params: listOf(params).map(paramHere) };
}

function paramHere({ choices, fallback, kind, max, min, name, step, unit }: Facts): Facts {
  const isBounded = typeof min === "number" && typeof max === "number";
  const isChoice = Array.isArray(choices) && choices.length > 0;
  return given({
    ...{ name, type: kind === "choice" ? "text" : kind, unit, step, default: fallback },
    ...(isBounded && { range: [min, max] }),
    ...(isChoice && { values: choices }),
  });
}

/** The API says null where nothing is known; here it is left out. */
function given(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
