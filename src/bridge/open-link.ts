/** The way to a target, by its kind. What speaks a protocol is loaded where it is needed. */
import type { Link, LinkDependencies } from "./link.ts";
import type { TargetOptions } from "./options.ts";

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
