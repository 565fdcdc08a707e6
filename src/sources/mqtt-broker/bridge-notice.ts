/**
 * What a Mosquitto bridge says of itself when it comes and, by its will, when it is gone. It is for
 * brokers that show their state to their clients; here it is accepted, so that bridges can connect,
 * and goes no further.
 */
const pattern = /^\$SYS\/broker\/connection\/[^/]*\/state$/;

export function isBridgeNotice(topic: string): boolean {
  return topic.charCodeAt(0) === 0x24 && pattern.test(topic);
}
