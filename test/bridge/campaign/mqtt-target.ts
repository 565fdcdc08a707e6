import { connectAsync, type MqttClient } from "mqtt";
import { startMosquitto } from "../../support/mosquitto-program.ts";
import type { CampaignTarget } from "./campaign-target.ts";

/** Mosquitto that writes down each change, and a reader whose session it keeps. */
export async function mqttTarget(folder: string): Promise<CampaignTarget> {
  const broker = await startMosquitto(folder, [
    "persistence true",
    "persistence_location {folder}/",
    "autosave_interval 1",
    "autosave_on_changes true",
    "max_queued_messages 0",
  ]);
  const ids: string[] = [];
  const options = { protocolVersion: 5, clean: false, clientId: "reader" } as const;
  const reader: MqttClient = await connectAsync(broker.url, {
    ...options,
    reconnectPeriod: 200,
    properties: { sessionExpiryInterval: 86_400 },
  });
  reader.on("error", () => {});
  reader.on("message", (_topic, _payload, { properties }) =>
    ids.push(String(properties?.userProperties?.["id"])),
  );
  await reader.subscribeAsync("#", { qos: 1 });
  await broker.stop("SIGKILL");
  return {
    name: "mqtt",
    isExactlyOnce: false,
    entry: { name: "mqtt", kind: "mqtt", url: broker.url, timeout: "3s" },
    start: () => broker.start(),
    kill: () => broker.stop("SIGKILL"),
    received: async () => ids,
    async end() {
      await reader.endAsync(true);
      await broker.stop("SIGKILL");
    },
  };
}
