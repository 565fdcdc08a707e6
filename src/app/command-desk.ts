/** Commands to devices, joined by hand for those who issue and follow them from a command line. */

import type { SitePlace } from "../config/site/read-site-place.ts";
import { type EpochMs, sleep } from "../core/clock.ts";
import type { Command, CommandCancel } from "../core/command.ts";
import { GatewayError } from "../core/errors.ts";
import { type DeviceId, type GatewayId, toSiteId } from "../core/ids.ts";
import { commandsStream } from "../core/subject.ts";
import { suggest } from "../core/suggest.ts";
import type { Backbone } from "../stream/backbone.ts";
import { type CommandPast, readCommandHistory } from "../stream/command-history.ts";
import { type AppendedOrder, appendCancel, appendCommand } from "../stream/command-log.ts";
import { followReplies, type StoredReply } from "../stream/command-replies.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import { type FoundDevice, findDevice, gatewaysOf, namesOfDevices } from "../stream/find-device.ts";
import { getMessage } from "../stream/message-get.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { commandsStreamContract } from "../stream/stream-contract.ts";
import { noServerAdvice } from "./no-server-advice.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { siteBackboneOptions } from "./site-backbone.ts";
import { systemClock } from "./system-clock.ts";

const connectMs = 5_000;
const tryAgainMs = 500;
/** Names that are compared with one that nobody has. */
const mostCompared = 20_000;

export class CommandDesk {
  readonly #backbone: Backbone;
  readonly #options: BackboneOptions;
  readonly #servers: readonly string[];
  readonly #site;

  constructor({ config, folder }: SitePlace, servers: readonly string[]) {
    this.#options = siteBackboneOptions({ site: { config, folder }, servers });
    this.#servers = servers;
    this.#site = toSiteId(config.site);
    this.#backbone = openBackboneFor(this.#options, "sluicegate-commands");
  }

  close(): Promise<void> {
    return this.#backbone.close();
  }

  /**
   * The device, at the one gateway that knows it, or at the one that is named. Throws `usage` where
   * nobody knows it, or several do.
   */
  async find(device: DeviceId, gateway?: GatewayId): Promise<FoundDevice> {
    const connection = await this.#connected();
    const all = await gatewaysOf(connection, this.#site);
    const asked = gateway === undefined ? all : all.filter((one) => one.gateway === gateway);
    if (all.length === 0) throw emptySite(this.#site);
    if (gateway !== undefined && asked.length === 0) throw noGateway(gateway, all);
    const [found, ...others] = await findDevice(connection, asked, device);
    if (found === undefined) {
      const names = await namesOfDevices(connection, asked, mostCompared);
      const meant = suggest(device, names);
      const who =
        gateway === undefined
          ? `no gateway of site ${this.#site} knows`
          : `${gateway} does not know`;
      const advice =
        meant === undefined ? "sluicegate devices ls lists them" : `did you mean ${meant}?`;
      throw new GatewayError("not-found", `${who} the device ${device}; ${advice}`);
    }
    if (others.length === 0) return found;
    const names = [found, ...others].map(({ origin }) => origin.gateway).join(", ");
    throw new GatewayError(
      "usage",
      `several gateways know ${device}: say --gateway, one of ${names}`,
    );
  }

  /** Stores a command; gives when the server did. */
  async issue(command: Command): Promise<EpochMs> {
    return this.#append(`command ${command.id}`, (connection) =>
      appendCommand(connection, command),
    );
  }

  /** Stores what takes a command back; gives when the server did. */
  async cancel(cancel: CommandCancel): Promise<EpochMs> {
    return this.#append(`what takes back ${cancel.id}`, (connection) =>
      appendCancel(connection, cancel),
    );
  }

  async history(sinceMs: EpochMs): Promise<CommandPast[]> {
    return readCommandHistory(await this.#connected(), this.#site, sinceMs);
  }

  /** Gives the steps of a command, each once, until its last or the signal, over any connections. */
  async *follow(
    { device, gateway, id, site }: Pick<Command, "device" | "gateway" | "id" | "site">,
    storedMs: EpochMs,
    signal: AbortSignal,
  ): AsyncGenerator<StoredReply, void> {
    let lastStep = 0;
    while (!signal.aborted)
      try {
        const connection = await this.#backbone.connected(signal);
        const scope = { site, gateway, device };
        for await (const step of followReplies(
          connection,
          scope,
          { storedMs },
          signal,
          systemClock,
        )) {
          if (step.reply.command !== id || step.reply.step <= lastStep) continue;
          lastStep = step.reply.step;
          yield step;
          if (step.reply.final) return;
        }
      } catch (thrown) {
        if (signal.aborted) return;
        const failure = GatewayError.from(thrown, "stream.unavailable", `cannot follow ${id}`);
        if (failure.disposition !== "retry") throw failure;
        await sleep(systemClock, tryAgainMs, signal);
      }
  }

  async #append(
    what: string,
    append: (connection: Awaited<ReturnType<Backbone["connected"]>>) => Promise<AppendedOrder>,
  ): Promise<EpochMs> {
    const connection = await this.#connected();
    await ensureStream(connection, commandsStreamContract(this.#options));
    try {
      const { streamSeq } = await append(connection);
      const stored = await getMessage(connection, commandsStream, streamSeq);
      return stored?.storedMs ?? systemClock.wallMs();
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", `cannot store ${what}`);
      if (failure.code === "stream.refused") throw failure;
      throw new GatewayError(
        failure.code,
        `${failure.message}; it may have been stored all the same: look with sluicegate commands ls`,
        { cause: thrown },
      );
    }
  }

  #connected(): ReturnType<Backbone["connected"]> {
    return connectInTime(this.#backbone, {
      servers: this.#servers,
      timeoutMs: connectMs,
      advice: noServerAdvice,
    });
  }
}

function emptySite(site: string): GatewayError {
  return new GatewayError(
    "not-found",
    `no gateway of site ${site} has a stream yet; devices of another site are told with a configuration that names it (site: plant-a)`,
  );
}

function noGateway(name: string, all: readonly { readonly gateway: string }[]): GatewayError {
  const names = all.map(({ gateway }) => gateway);
  const meant = suggest(name, names);
  const advice = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
  return new GatewayError("not-found", `no gateway of this site is named ${name}; ${advice}`);
}
