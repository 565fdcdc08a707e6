/** The kind `mqtt-client`: the gateway fetches from a broker outside. */
import { sourceKind } from "../source-kind.ts";
import { parseBrokerUrl } from "./broker-url.ts";
import { mqttClientOptions } from "./options.ts";

const noFiles = { ca: undefined, cert: undefined, key: undefined };

export const mqttClient = sourceKind({
  options: mqttClientOptions,
  async load(options, reading) {
    const url = parseBrokerUrl(options.url);
    if ("problem" in url) return undefined;
    if (options.tls !== undefined && (url.scheme === "mqtt" || url.scheme === "ws"))
      reading.report({
        code: "config.invalid",
        path: ["tls"],
        message: "certificates are for mqtts:// only, and url begins with mqtt://",
        hint: `write url: mqtts://${url.host}, or leave tls out`,
      });
    const { loadTlsPaths } = await import("./credentials.ts");
    const files = options.tls ? await loadTlsPaths(options.tls, reading) : noFiles;
    if (files === undefined) return undefined;
    return async (surroundings) => {
      const { openOutsideBroker } = await import("./outside-broker.ts");
      return openOutsideBroker({ options, url, files }, surroundings);
    };
  },
});
