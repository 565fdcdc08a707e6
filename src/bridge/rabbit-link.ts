/**
 * A target that is RabbitMQ. CloudEvents have a binding for AMQP 1.0 only; this is the same in AMQP 0-9-1:
 * attributes as headers under `cloudEvents:`, which its plugin for 1.0 shows as application properties.
 */
import { GatewayError } from "../core/errors.ts";
import { maskSecrets } from "../core/mask-secrets.ts";
import { partsOf, structuredType } from "./cloud-event.ts";
import type { Letter } from "./letter.ts";
import type { Delivered, LetterLink, LinkDependencies, TryDependencies } from "./link.ts";
import type { RabbitOptions } from "./options.ts";
import { codeOf, type RabbitMessage, RabbitSession } from "./rabbit-session.ts";

const atOnce = 256;
/** A short text of AMQP has a byte for its length. */
const mostKeyBytes = 255;
const accessRefused = 403;

export function openRabbitLink(options: RabbitOptions, deps: LinkDependencies): LetterLink {
  const { exchange, timeout: timeoutMs, url, username: user } = options;
  let session: Promise<RabbitSession> | undefined;
  const open = async (): Promise<RabbitSession> => {
    const secrets = await deps.secrets();
    const onBlocked = (reason: string): void => deps.health.noteTrouble(reason);
    const facts = { url, user, secrets, exchange, timeoutMs, onBlocked };
    return RabbitSession.open(facts, deps.clock);
  };
  const publish = async (message: RabbitMessage): Promise<Delivered> => {
    const mine = session ?? open();
    session = mine;
    try {
      const opened = await mine;
      const delivered = await opened.publish(message);
      if (opened.ended && session === mine) session = undefined;
      return delivered;
    } catch (thrown) {
      if (session === mine) session = undefined;
      return { kind: "trouble", ...reasonOf(thrown) };
    }
  };
  return {
    kind: "letters",
    atOnce,
    async deliver(letter) {
      const message = toMessage(letter, options);
      const bytes = Buffer.byteLength(message.routingKey);
      if (bytes > mostKeyBytes)
        return { kind: "refused", reason: `its routing key has ${bytes} bytes, AMQP takes 255` };
      return publish(message);
    },
    async close() {
      const opened = await session?.catch(() => undefined);
      await opened?.close();
    },
  };
}

/** Logs in and out again. */
export async function knockRabbit(
  { timeout: timeoutMs, url, username: user }: RabbitOptions,
  { secrets }: TryDependencies,
): Promise<string | undefined> {
  try {
    await RabbitSession.knock({ url, user, secrets: await secrets(), timeoutMs });
    return undefined;
  } catch (thrown) {
    return reasonOf(thrown).reason;
  }
}

function reasonOf(thrown: unknown): { reason: string; needsPeople: boolean } {
  const { code, message } = GatewayError.from(thrown, "receiver.unavailable", "no connection");
  const isRefused = code !== "receiver.unavailable" || codeOf(thrown) === accessRefused;
  return { reason: maskSecrets(message), needsPeople: isRefused || /ACCESS_REFUSED/.test(message) };
}

function toMessage(letter: Letter, { mode }: RabbitOptions): RabbitMessage {
  const { id, natsSubject: routingKey, text, timeMs } = letter;
  const { attributes, contentType, data } = partsOf(text);
  const named = Object.fromEntries(attributes);
  const head = {
    ...{ id, routingKey, type: named["type"] ?? "" },
    timestampSeconds: Math.max(0, Math.floor(timeMs / 1_000)),
  };
  if (mode === "structured")
    return { ...head, body: text, contentType: structuredType, headers: {} };
  const headers = Object.fromEntries(
    attributes.map(([name, value]) => [`cloudEvents:${name}`, value]),
  );
  return { ...head, body: data, contentType, headers };
}
