/** The client of Kafka, with what the options say. One of the two doors of `kafkajs`. */
import { Kafka, logLevel, type SASLOptions } from "kafkajs";
import type { Logger } from "../core/logger.ts";
import type { LinkSecrets } from "./link-secrets.ts";
import type { KafkaOptions } from "./options.ts";

/** Above the waits of a transaction that is ended by the server. */
const retry = { initialRetryTime: 200, maxRetryTime: 2_000, retries: 8 };

export function createKafka(
  options: KafkaOptions,
  secrets: LinkSecrets,
  logger: Logger,
  retries = retry.retries,
): Kafka {
  const { brokers, timeout, tls, username } = options;
  const { ca, cert, key, password } = secrets;
  return new Kafka({
    clientId: "sluicegate-bridge",
    brokers: [...brokers],
    connectionTimeout: timeout,
    authenticationTimeout: timeout,
    requestTimeout: timeout,
    retry: { ...retry, retries },
    ...(tls && {
      ssl: {
        ...(ca && { ca: [Buffer.from(ca)] }),
        ...(cert && { cert: Buffer.from(cert) }),
        ...(key && { key: Buffer.from(key) }),
      },
    }),
    ...(username !== undefined && { sasl: saslOf(options, username, password ?? "") }),
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) =>
      logger.debug("the client of Kafka says", {
        from: entry.namespace,
        reason: entry.log.message,
      }),
  });
}

function saslOf({ mechanism }: KafkaOptions, username: string, password: string): SASLOptions {
  switch (mechanism) {
    case "plain":
      return { mechanism: "plain", username, password };
    case "scram-sha-256":
      return { mechanism: "scram-sha-256", username, password };
    case "scram-sha-512":
      return { mechanism: "scram-sha-512", username, password };
  }
}
