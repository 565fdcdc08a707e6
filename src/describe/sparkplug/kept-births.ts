/**
 * What nodes said, kept over a restart. It is a hint: a node is asked to be born again where it does not
 * go on precisely where the file ends.
 */
import type { Clock } from "../../core/clock.ts";
import type { Disk } from "../../core/disk.ts";
import { isId, toDeviceId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import { readWhole } from "../../core/whole-file.ts";
import { DescriptionKeeper } from "../description-keeper.ts";
import { makeTable } from "./birth-table.ts";
import { mostCharacters } from "./bounds.ts";
import { defineMetric } from "./definition.ts";
import type { EdgeNode, Member } from "./edge-node.ts";
import type { EdgeNodes } from "./edge-nodes.ts";
import {
  aliasOf,
  birthLine,
  type KeptBirth,
  type KeptSession,
  parseLine,
  sessionLine,
} from "./kept-line.ts";

const fileName = "sparkplug.ndjson";
/** What a character takes in the file at most, with room for what was replaced. */
const bytesPerCharacter = 8;

export interface KeptBirthsParts {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodes: EdgeNodes;
}

export class KeptBirths {
  readonly #parts: KeptBirthsParts;
  readonly #keeper: DescriptionKeeper<KeptBirth | KeptSession>;
  #isEnding = false;

  constructor(parts: KeptBirthsParts) {
    const { clock, disk, folder, logger } = parts;
    this.#parts = parts;
    this.#keeper = new DescriptionKeeper<KeptBirth | KeptSession>({
      ...{ disk, folder, fileName, clock, logger },
      all: () => [...this.#births(), ...(this.#isEnding ? this.#sessions() : [])],
      more: () => [],
      written: () => {},
    });
  }

  /** Knows again what an earlier process was told. Never fails. */
  async recall(): Promise<void> {
    const { disk, folder, nodes } = this.#parts;
    const most = mostCharacters * bytesPerCharacter;
    const file = await readWhole(disk, `${folder}/${fileName}`, most).catch(() => undefined);
    let isEnded = false;
    for (const text of file?.toString().split("\n") ?? []) {
      const line = text === "" ? undefined : parseLine(text);
      if (line === undefined) continue;
      if ("seq" in line) isEnded = true;
      if ("seq" in line) recallSession(nodes, line);
      else recallBirth(nodes, line);
    }
    // Where sessions ended is true once only.
    if (isEnded) this.#keeper.add();
  }

  note(node: EdgeNode, member: Member): void {
    if (member.table !== undefined) this.#keeper.add(birthLine(node, member, member.table));
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#keeper.add(...this.#sessions());
    await this.#keeper.stop();
  }

  *#births(): Iterable<KeptBirth> {
    for (const node of this.#parts.nodes.all())
      for (const member of node.members.values())
        if (member.table !== undefined) yield birthLine(node, member, member.table);
  }

  #sessions(): KeptSession[] {
    return [...this.#parts.nodes.all()].flatMap((node) => sessionLine(node) ?? []);
  }
}

function recallBirth(nodes: EdgeNodes, line: KeptBirth): void {
  const opened = openKept(nodes, line, line.device);
  if (opened === undefined) return;
  const { member } = opened;
  for (const [key, , , name] of line.metrics) member.names.give(key, name);
  for (const [key, name] of line.former) member.names.give(key, name);
  const definitions = line.metrics.map(
    ([key, type, unit, name]) => [key, defineMetric(type ?? undefined, unit, name)] as const,
  );
  const aliases = line.aliases.map(([alias, name]) => [aliasOf(alias), name] as const);
  nodes.describe(
    member,
    makeTable(new Map(definitions), new Map(aliases), line.sinceMs, member.names),
  );
}

function recallSession(nodes: EdgeNodes, line: KeptSession): void {
  const node = openKept(nodes, line, undefined)?.node;
  if (node === undefined) return;
  node.sequence.resume(line.seq);
  node.birthCount = line.bdSeq;
  for (const name of line.holds) {
    const member = node.members.get(name);
    if (member?.table !== undefined) member.holds = true;
  }
}

function openKept(nodes: EdgeNodes, line: KeptBirth | KeptSession, device: string | undefined) {
  const { group, node, owner } = line;
  if (owner !== undefined && !isId(owner)) return undefined;
  const named = owner === undefined ? undefined : toDeviceId(owner);
  const opened = nodes.open({ group, node, device }, named);
  return "problem" in opened ? undefined : opened;
}
