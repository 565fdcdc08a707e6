/**
 * Rejected messages of a gateway elsewhere. Its API knows them in groups that failed alike, so `--topic`
 * means groups all of whose topics it has.
 */
import { GatewayError } from "../core/errors.ts";
import { matchesGlob } from "../core/glob.ts";
import { matchesTopic, problemOfFilter } from "../core/topic-filter.ts";
import type { Context } from "./contexts-file.ts";
import { listOf, textOf } from "./devices-text.ts";
import type { DlqOptions, DlqQuestion } from "./dlq-options.ts";
import { askApi } from "./remote.ts";

type Facts = Readonly<Record<string, unknown>>;

/** The API gives no more of a group at once. */
const mostMessages = 100;
const usualMessages = 10;

/** Answers as the gateway of this machine does. */
export async function askThere(
  context: Context,
  question: DlqQuestion,
  options: DlqOptions,
): Promise<Facts> {
  const problem = options.topic === undefined ? undefined : problemOfFilter(options.topic);
  if (problem !== undefined) throw new GatewayError("usage", problem);
  const { complete, groups } = await askApi(context, "/dead-letters");
  const wanted = listOf(groups).filter((group) => isWanted(group, options));
  if (question === "rejected") {
    const { id } = options;
    const found = id === undefined ? wanted : await groupsWith(context, wanted, id);
    return { groups: found.map(groupHere), complete };
  }
  if (question === "show-rejected")
    return { messages: await messagesOf(context, wanted, options), complete };
  const verb = question === "try-rejected" ? "try" : question;
  const { id, reason } = options;
  const body = {
    ...(id !== undefined && { id }),
    ...(reason !== undefined && verb !== "try" && { reason }),
  };
  const outcomes = [];
  for (const group of wanted)
    outcomes.push(await askApi(context, `${pathOf(group)}/${verb}`, body));
  return { ...sumOf(outcomes), complete };
}

function isWanted({ code, profile, topic }: Facts, wish: DlqOptions): boolean {
  const name = textOf(profile ?? "");
  const names = [name, name.replace(/@\d+$/, "")];
  return (
    (wish.code === undefined || wish.code === code) &&
    (wish.profile === undefined || names.some((one) => matchesGlob(wish.profile ?? "", one))) &&
    (wish.topic === undefined || matchesTopic(wish.topic, textOf(topic)))
  );
}

async function groupsWith(context: Context, groups: readonly Facts[], id: string) {
  const found = [];
  for (const group of groups)
    if ((await wholeGroup(context, group)).some((one) => one["id"] === id)) found.push(group);
  return found;
}

async function messagesOf(
  context: Context,
  groups: readonly Facts[],
  { id, limit }: DlqOptions,
): Promise<Facts[]> {
  const messages: Facts[] = [];
  for (const group of groups)
    for (const message of await wholeGroup(context, group))
      if (id === undefined || id === message["id"]) messages.push(messageHere(group, message));
  messages.sort((one, other) => Number(one["receivedMs"]) - Number(other["receivedMs"]));
  return messages.slice(0, Number(limit) || usualMessages);
}

async function wholeGroup(context: Context, group: Facts): Promise<Facts[]> {
  return listOf((await askApi(context, `${pathOf(group)}?limit=${mostMessages}`))["messages"]);
}

function pathOf({ key }: Facts): string {
  return `/dead-letters/${encodeURIComponent(textOf(key))}`;
}

function groupHere({
  code,
  firstMs,
  kept,
  lastId,
  lastMs,
  messages,
  profile,
  reason,
  topic,
}: Facts) {
  const notKept = Number(messages) - Number(kept);
  return {
    ...{ code, profile: profile ?? "", topic, count: kept, notKept },
    ...{ firstMs, lastMs, reason, id: lastId },
  };
}

function messageHere({ code }: Facts, message: Facts): Facts {
  const { bytes, hex, id, isCut, member, profile, reason, receivedMs, topic } = message;
  const payload = Buffer.from(textOf(hex), "hex");
  return {
    ...{ id, receivedMs, code, reason, topic },
    ...(profile !== null && { profile }),
    ...(member !== null && { member }),
    payload: payload.toString("base64"),
    ...((isCut === true || payload.length < Number(bytes)) && { truncated: true }),
  };
}

function sumOf(outcomes: readonly Facts[]): Facts {
  const counts = ["read", "rejected", "passedOver", "unusable", "discarded"] as const;
  const sums = counts.map((name) => [
    name,
    outcomes.reduce((sum, one) => sum + (Number(one[name]) || 0), 0),
  ]);
  return {
    ...Object.fromEntries(sums),
    samples: outcomes.flatMap(({ samples }) => listOf(samples)).slice(0, 5),
    more: outcomes.some(({ more }) => more === true),
  };
}
