import { connectAsync, type MqttClient } from "mqtt";
import { startMosquitto } from "../../support/mosquitto-program.ts";
import { waitWhileMoving } from "../../support/wait-until.ts";
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
  let reader: MqttClient | undefined;
  const read = async (): Promise<MqttClient> => {
    const client = await connectAsync(broker.url, {
      protocolVersion: 5,
      clean: false,
      clientId: "reader",
      reconnectPeriod: 200,
      properties: { sessionExpiryInterval: 86_400 },
    });
    client.on("error", () => {});
    client.on("message", (_topic, _payload, { properties }) =>
      ids.push(String(properties?.userProperties?.["id"])),
    );
    await client.subscribeAsync("#", { qos: 1 });
    return client;
  };
  await broker.stop("SIGKILL");
  return {
    name: "mqtt",
    isExactlyOnce: false,
    entry: { name: "mqtt", kind: "mqtt", url: broker.url, timeout: "3s" },
    async start() {
      await broker.start();
      reader ??= await read();
    },
    kill: () => broker.stop("SIGKILL"),
    async received(atLeast) {
      // What the broker took stands in the session of the reader, who may still be on his way.
      await waitWhileMoving(
        () => new Set(ids).size >= atLeast,
        () => ids.length,
        "the reader has all",
        20_000,
      ).catch(() => {});
      return ids;
    },
    async end() {
      await reader?.endAsync(true);
      await broker.stop("SIGKILL");
    },
  };
}
