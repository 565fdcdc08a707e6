/** What an edge node says from one birth to the next: its messages as bytes, in their order. */
import type { Random } from "../../core/retry.ts";
import { encodePayload, type SentMetric } from "./encode-payload.ts";
import { type MemberName, members, plant } from "./plant.ts";

export interface NodeMessage {
  readonly topic: string;
  readonly payload: Buffer;
}

export interface NodeName {
  readonly group: string;
  readonly node: string;
}

export class NodeSession {
  readonly #name: NodeName;
  readonly #random: Random;
  readonly #aliases = new Map<string, number>();
  #birthCount = -1;
  #seq = 0;
  #count = 0;

  constructor(name: NodeName, random: Random) {
    this.#name = name;
    this.#random = random;
  }

  /** The will of the next connection: the death that belongs to the birth on it. */
  nextDeath(nowMs: number): NodeMessage {
    this.#birthCount = (this.#birthCount + 1) % 256;
    return this.death(nowMs);
  }

  death(nowMs: number): NodeMessage {
    const metrics = [this.#birthMetric()];
    return { topic: this.#topic("DEATH", ""), payload: encodePayload({ timeMs: nowMs, metrics }) };
  }

  /** Of the node and of its devices; `movesAliases`: each metric gets the number of another one. */
  births(nowMs: number, movesAliases: boolean): NodeMessage[] {
    this.#dealAliases(movesAliases);
    this.#seq = 0;
    return members.map((member) => {
      const own = plant[member].map((metric) => ({
        name: metric.name,
        ...this.#sent(member, metric.name, nowMs),
        ...(metric.unit !== undefined && { unit: metric.unit }),
      }));
      const control: SentMetric = { name: "Node Control/Rebirth", type: "Boolean", value: false };
      const metrics = member === "" ? [this.#birthMetric(), control, ...own] : own;
      return this.#message("BIRTH", member, nowMs, metrics);
    });
  }

  /** One value of a member, by its alias alone; `unknownAlias`: by one that no birth told of. */
  data(member: MemberName, nowMs: number, unknownAlias = false): NodeMessage {
    const metrics = plant[member];
    const { name = "" } = metrics[Math.floor(this.#random() * metrics.length)] ?? {};
    this.#count += 1;
    const sent = this.#sent(member, name, nowMs);
    return this.#message("DATA", member, nowMs, [unknownAlias ? { ...sent, alias: 9_999 } : sent]);
  }

  #sent(member: MemberName, name: string, timeMs: number): SentMetric {
    const metric = plant[member].find((one) => one.name === name);
    const alias = this.#aliases.get(`${member}/${name}`) ?? 0;
    const value = metric?.read(this.#count, this.#random) ?? null;
    return { alias, value, timeMs, ...(metric && { type: metric.type }) };
  }

  #dealAliases(moves: boolean): void {
    const keys = members.flatMap((member) => plant[member].map(({ name }) => `${member}/${name}`));
    if (this.#aliases.size > 0 && !moves) return;
    const step = this.#aliases.size === 0 ? 0 : 1 + Math.floor(this.#random() * (keys.length - 1));
    const first = this.#aliases.get(keys[0] ?? "") ?? 0;
    for (const [at, key] of keys.entries())
      this.#aliases.set(key, (first + step + at) % keys.length);
  }

  #message(
    what: "BIRTH" | "DATA",
    member: MemberName,
    timeMs: number,
    metrics: readonly SentMetric[],
  ): NodeMessage {
    const seq = this.#seq;
    this.#seq = (seq + 1) % 256;
    return { topic: this.#topic(what, member), payload: encodePayload({ timeMs, seq, metrics }) };
  }

  #birthMetric(): SentMetric {
    return { name: "bdSeq", type: "Int64", value: this.#birthCount };
  }

  #topic(what: "BIRTH" | "DATA" | "DEATH", member: MemberName): string {
    const { group, node } = this.#name;
    return member === ""
      ? `spBv1.0/${group}/N${what}/${node}`
      : `spBv1.0/${group}/D${what}/${node}/${member}`;
  }
}
