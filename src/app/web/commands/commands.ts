/** The desk of commands: what is wanted is stored, and what became of it is read. */
import type { Principal } from "../../../api/principal.ts";
import { notFound, RequestProblem } from "../../../api/problem.ts";
import type { CommandDesk, CommandWish } from "../../../api/routes/command-routes.ts";
import type { CommandMade } from "../../../api/shapes/command.ts";
import type { Command } from "../../../core/command.ts";
import { GatewayError } from "../../../core/errors.ts";
import { toSiteId } from "../../../core/ids.ts";
import { appendCancel, appendCommand } from "../../../stream/command-log.ts";
import { ensureStream } from "../../../stream/ensure-stream.ts";
import type { BackboneOptions } from "../../../stream/options.ts";
import { commandsStreamContract } from "../../../stream/stream-contract.ts";
import { showWrite } from "../../show-commands.ts";
import { type Connection, overBackbone } from "../over-backbone.ts";
import { CommandBook } from "./command-book.ts";
import { commandRow } from "./command-row.ts";
import { type OrderSources, type ReadyOrder, readyOrder } from "./ready-order.ts";

/** Where no profile says otherwise. */
const usualValidMs = 300_000;

export interface CommandParts extends OrderSources {
  readonly backboneOptions: BackboneOptions;
  readonly nowMs: () => number;
}

export class Commands implements CommandDesk {
  readonly book: CommandBook;
  readonly #parts: CommandParts;
  readonly #listeners = new Set<(id: string) => void>();
  #reading: Promise<void> | undefined;

  constructor(parts: CommandParts) {
    const { nowMs, site } = parts;
    this.#parts = parts;
    this.book = new CommandBook(toSiteId(site().config.site), nowMs);
  }

  /** Reads on. All who ask meanwhile share one reading. */
  refresh(): Promise<void> {
    this.#reading ??= overBackbone(this.#parts.backbone, async (connection) => {
      for (const id of await this.book.read(connection))
        for (const listener of this.#listeners) listener(id);
    }).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Calls `listener` for each command that is other than before. Gives its end. */
  listen(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async list(device: string | undefined, limit: number) {
    await this.refresh();
    const rows = Array.from(this.book.all, commandRow).reverse();
    const wanted = rows.filter(({ deviceKey }) => device === undefined || deviceKey === device);
    return { commands: wanted.slice(0, limit), more: wanted.length > limit };
  }

  async dryRun(wish: CommandWish) {
    const { mapping, refused, write } = await readyOrder(wish, "dry-run", this.#parts);
    if (refused !== undefined) return { sends: null, refused };
    if (mapping === undefined || write === undefined) return { sends: null, refused: null };
    return { sends: wordsOf(showWrite(write)), refused: null };
  }

  async send(wish: CommandWish, by: Principal): Promise<CommandMade> {
    const id = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
    const order = await readyOrder(wish, id, this.#parts);
    demandMeant(order, wish);
    const { device, origin } = order.place;
    const { name, params, reason, validForMs } = wish;
    const issuedMs = this.#parts.nowMs();
    const command: Command = {
      ...{ id, ...origin, device, name, params, issuedMs },
      expiresMs: issuedMs + (validForMs ?? order.mapping?.validMs ?? usualValidMs),
      by: by.name,
      ...(reason && { reason }),
    };
    await this.#append((connection) => appendCommand(connection, command));
    return { id, event: id, atMs: issuedMs };
  }

  async cancel(id: string, by: Principal, reason: string | undefined): Promise<CommandMade> {
    await this.refresh();
    const past = this.book.get(id);
    if (past === undefined) throw notFound(`command ${id}`);
    const last = past.steps.at(-1)?.reply;
    if (last?.final === true) throw refusedProblem(`${id} has ended: ${last.state}`);
    const { device, gateway, site } = past.command;
    const issuedMs = this.#parts.nowMs();
    const cancel = { id, site, gateway, device, issuedMs, by: by.name, ...(reason && { reason }) };
    await this.#append((connection) => appendCancel(connection, cancel));
    return { id, event: id, atMs: issuedMs };
  }

  async #append(append: (connection: Connection) => Promise<unknown>): Promise<void> {
    const { backbone, backboneOptions } = this.#parts;
    await overBackbone(backbone, async (connection) => {
      await ensureStream(connection, commandsStreamContract(backboneOptions));
      await append(connection).catch((thrown: unknown) => {
        if (thrown instanceof GatewayError && thrown.disposition === "reject")
          throw refusedProblem(thrown.message);
        throw thrown;
      });
    });
  }
}

/** What is dangerous, or nobody here knows, is sent only with the name of the device. */
function demandMeant(
  { mapping, place, refused }: ReadyOrder,
  { confirm, name }: CommandWish,
): void {
  if (refused !== undefined) throw refusedProblem(refused);
  if (mapping?.danger === false || confirm === place.device) return;
  const why = mapping ? "is dangerous" : "may be dangerous: its profile is not known here";
  throw new RequestProblem({
    status: 409,
    code: "command.unconfirmed",
    title: `${name} ${why}; say which device is meant`,
    advice: "write the name of the device",
    fields: [{ path: "body.confirm", message: `it has to be ${place.device}` }],
  });
}

function refusedProblem(title: string): RequestProblem {
  return new RequestProblem({ status: 409, code: "command.refused", title });
}

/** `topic acme/f1/set, payload {"s":-18}, qos 0`. */
function wordsOf(write: object): string {
  return Object.entries(write)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
