/**
 * One connection to RabbitMQ with one channel that confirms. The one door of `amqplib`.
 *
 * A message is taken when the server confirms it, and no queue was missing: it comes back first where none
 * is bound for its routing key.
 */
import { type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import type { Clock } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";
import type { Delivered, Trouble } from "./link.ts";
import type { LinkSecrets } from "./link-secrets.ts";

export interface RabbitFacts {
  readonly url: string;
  readonly user: string | undefined;
  readonly secrets: LinkSecrets;
  readonly exchange: string;
  readonly timeoutMs: number;
  /** The server takes nothing for now, and says why; it goes on by itself. */
  readonly onBlocked: (reason: string) => void;
}

/** A message to be published. */
export interface RabbitMessage {
  readonly id: string;
  readonly routingKey: string;
  readonly body: string;
  readonly contentType: string;
  readonly type: string;
  readonly timestampSeconds: number;
  readonly headers: Readonly<Record<string, string>>;
}

const heartbeatSeconds = 20;
/** Access refused, nothing of that name: somebody has to change it. */
const needPeople = new Set([402, 403, 404, 530]);
/** Precondition failed: it is larger than the server takes, where it was alone. */
const preconditionFailed = 406;

export class RabbitSession {
  readonly #facts: RabbitFacts;
  readonly #clock: Clock;
  readonly #model: ChannelModel;
  readonly #channel: ConfirmChannel;
  /** Ids of messages that came back. */
  readonly #returned = new Set<string>();
  readonly #open = new Set<(delivered: Delivered) => void>();
  #end: Trouble | undefined;
  #isBlocked = false;

  private constructor(
    facts: RabbitFacts,
    clock: Clock,
    model: ChannelModel,
    channel: ConfirmChannel,
  ) {
    this.#facts = facts;
    this.#clock = clock;
    this.#model = model;
    this.#channel = channel;
    model.on("blocked", (reason) => {
      this.#isBlocked = true;
      facts.onBlocked(`the server takes nothing for now: ${reason}`);
    });
    model.on("unblocked", () => {
      this.#isBlocked = false;
    });
    model.on("close", (error) =>
      this.#stop(error ?? new Error("the server closed the connection")),
    );
    channel.on("error", (error) => this.#stop(error));
    channel.on("close", () => this.#stop(new Error("the server closed the channel")));
    channel.on("return", ({ properties }) => this.#returned.add(String(properties.messageId)));
  }

  /** Connects, and makes the exchange where it is missing; rejects with the server's words. */
  static async open(facts: RabbitFacts, clock: Clock): Promise<RabbitSession> {
    const model = await connect(addressOf(facts), socketOf(facts));
    // Whoever asked hears of it by what fails; without a listener it would end the process.
    model.on("error", () => {});
    try {
      await ensureExchange(model, facts.exchange);
      return new RabbitSession(facts, clock, model, await model.createConfirmChannel());
    } catch (thrown) {
      await model.close().catch(() => {});
      throw thrown;
    }
  }

  /** Logs in and out again, and makes nothing; rejects where the server does not let us. */
  static async knock(facts: Omit<RabbitFacts, "exchange" | "onBlocked">): Promise<void> {
    const model = await connect(addressOf(facts), socketOf(facts));
    model.on("error", () => {});
    await model.close();
  }

  /** Nothing can be published on it any more. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  async close(): Promise<void> {
    this.#stop(new Error("the connection was ended"));
    await this.#model.close().catch(() => {});
  }

  /** Never rejects. */
  async publish(message: RabbitMessage): Promise<Delivered> {
    if (this.#end) return this.#end;
    let settle = (_: Delivered): void => {};
    const settled = new Promise<Delivered>((resolve) => {
      settle = resolve;
    });
    const deadline = this.#deadline();
    this.#open.add(settle);
    try {
      this.#send(message, (error) => settle(this.#judge(message, error)));
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      settle(this.#end ?? { kind: "refused", reason });
    }
    const delivered = await settled;
    deadline.cancel();
    this.#open.delete(settle);
    this.#returned.delete(message.id);
    return delivered;
  }

  #send(message: RabbitMessage, onConfirm: (error: unknown) => void): void {
    const { body, contentType, headers, id, routingKey, timestampSeconds, type } = message;
    const options = {
      ...{ mandatory: true, persistent: true, messageId: id, contentType, type, headers },
      ...{ timestamp: timestampSeconds, appId: "sluicegate" },
    };
    this.#channel.publish(this.#facts.exchange, routingKey, Buffer.from(body), options, onConfirm);
  }

  /** What hangs is of no use to those that come after it; a server that says that it waits is waited for. */
  #deadline(): { cancel(): void } {
    const { timeoutMs } = this.#facts;
    const begin = (): { cancel(): void } =>
      this.#clock.setTimer(timeoutMs, () => {
        if (this.#isBlocked) timer = begin();
        else this.#stop(new Error(`no confirmation in ${timeoutMs} ms`));
      });
    let timer = begin();
    return { cancel: () => timer.cancel() };
  }

  #judge({ id, routingKey }: RabbitMessage, error: unknown): Delivered {
    if (error) return this.#end ?? { kind: "trouble", reason: "the server did not take it (nack)" };
    if (!this.#returned.has(id)) return { kind: "taken" };
    const { exchange } = this.#facts;
    const reason = `no queue is bound to ${exchange} for ${routingKey}; bind one, or say less in what:`;
    return { kind: "trouble", reason, needsPeople: true };
  }

  #stop(error: Error): void {
    if (this.#end) return;
    const code = codeOf(error) ?? 0;
    const reason = error.message;
    this.#end = { kind: "trouble", reason, needsPeople: needPeople.has(code) };
    const isItsFault = code === preconditionFailed && this.#open.size === 1;
    for (const settle of [...this.#open])
      settle(isItsFault ? { kind: "refused", reason } : this.#end);
    void this.#model.close().catch(() => {});
  }
}

async function ensureExchange(model: ChannelModel, exchange: string): Promise<void> {
  const look = await model.createChannel();
  look.on("error", () => {});
  try {
    await look.checkExchange(exchange);
    await look.close();
  } catch (thrown) {
    if (codeOf(thrown) !== 404) throw thrown;
    const make = await model.createChannel();
    make.on("error", () => {});
    await make.assertExchange(exchange, "topic", { durable: true });
    await make.close();
  }
}

/** The reply code of a channel or connection that the server closed. */
export function codeOf(thrown: unknown): number | undefined {
  const code: unknown =
    isObject(thrown) || thrown instanceof Error ? Reflect.get(thrown, "code") : 0;
  return typeof code === "number" ? code : undefined;
}

function addressOf({ secrets, url, user }: Pick<RabbitFacts, "secrets" | "url" | "user">) {
  const { hostname, pathname, port, protocol } = new URL(url);
  return {
    protocol: protocol.slice(0, -1),
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    ...(port !== "" && { port: Number(port) }),
    ...(user !== undefined && { username: user, password: secrets.password ?? "" }),
    ...(pathname.length > 1 && { vhost: pathname.slice(1) }),
    heartbeat: heartbeatSeconds,
  };
}

function socketOf({
  secrets: { ca, cert, key },
  timeoutMs,
}: Pick<RabbitFacts, "secrets" | "timeoutMs">) {
  return {
    noDelay: true,
    timeout: timeoutMs,
    clientProperties: { connection_name: "sluicegate-bridge" },
    ...(ca && { ca: Buffer.from(ca) }),
    ...(cert && { cert: Buffer.from(cert) }),
    ...(key && { key: Buffer.from(key) }),
  };
}
