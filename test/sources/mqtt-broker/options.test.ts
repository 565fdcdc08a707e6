import { expect, test } from "vitest";
import { mqttBrokerOptions } from "../../../src/sources/mqtt-broker/options.ts";

test("everything but the kind has a default", () => {
  expect(mqttBrokerOptions.parse({ kind: "mqtt-broker" })).toEqual({
    kind: "mqtt-broker",
    listen: "127.0.0.1:1883",
    limits: {
      max_packet: 2 ** 20,
      max_clients: 2_000,
      max_clients_per_address: 1_000,
      connects_per_second: 200,
      in_flight_bytes: 16 * 1024 * 1024,
    },
  });
});

test.each(["1883", ":1883", "host", "host:70000", "::1:1883", "[host]:1"])(
  "%s is no address to listen on",
  (listen) => {
    expect(mqttBrokerOptions.safeParse({ kind: "mqtt-broker", listen }).success).toBe(false);
  },
);
