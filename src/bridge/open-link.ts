/** The way to a target, by its kind. What speaks a protocol is loaded where it is needed. */
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Link } from "./link.ts";
import type { LinkSecrets } from "./link-secrets.ts";
import type { TargetOptions } from "./options.ts";
import type { TargetHealth } from "./target-health.ts";

export interface LinkDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears of what a target says by itself, such as that it takes nothing for now. */
  readonly health: TargetHealth;
  /** What the bridge is called in `bridgedby`. */
  readonly ownName: string;
  /** Read anew at each connect. */
  readonly secrets: () => Promise<LinkSecrets>;
}

export async function openLink(options: TargetOptions, deps: LinkDependencies): Promise<Link> {
  switch (options.kind) {
    case "http":
      return (await import("./http-link.ts")).openHttpLink(options, deps);
    case "mqtt":
      return (await import("./mqtt-link.ts")).openMqttLink(options, deps);
    case "rabbitmq":
      return (await import("./rabbit-link.ts")).openRabbitLink(options, deps);
    case "kafka":
      return (await import("./kafka-link.ts")).openKafkaLink(options, deps);
  }
}
