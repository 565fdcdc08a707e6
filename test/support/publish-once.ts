import { connectAsync } from "mqtt";

/** One message at QoS 1, from a client that comes and goes; resolves when it was acknowledged. */
export async function publishOnce(url: string, topic: string, payload: string): Promise<void> {
  const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
  await client.publishAsync(topic, payload, { qos: 1 });
  await client.endAsync();
}
