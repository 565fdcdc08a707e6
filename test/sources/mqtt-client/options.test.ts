import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/core/fault.ts";
import { mqttClient } from "../../../src/sources/mqtt-client/kind.ts";
import { mqttClientOptions } from "../../../src/sources/mqtt-client/options.ts";
import { noAgain } from "../../support/no-again.ts";

const least = { kind: "mqtt-client", url: "mqtt://broker.local", topics: ["a/#"] };

function problemsOf(entry: object): string[] {
  const parsed = mqttClientOptions.safeParse({ ...least, ...entry });
  return (parsed.error?.issues ?? []).map(({ message, path }) => `${path.join(".")}: ${message}`);
}

describe("an entry for a broker outside", () => {
  it("needs an address and topics, and has a default for all else", () => {
    expect(mqttClientOptions.parse(least)).toMatchObject({
      version: 5,
      topics: [{ filter: "a/#", qos: 1 }],
      keep_alive: 60_000,
      session_expiry: 7 * 86_400_000,
      limits: { max_packet: 2 ** 20, in_flight_messages: 1_000, in_flight_bytes: 2 ** 24 },
    });
  });

  it("has no password in its address, and the fault shows none", () => {
    const [problem] = problemsOf({ url: "mqtt://gw:hunter2@broker.local" });
    expect(problem).toMatch(/^url: url has a user in it; write user: NAME and password/);
    expect(problem).not.toContain("hunter2");
  });

  it.each([
    ["http://broker.local", /no address of a broker/],
    ["broker.local", /no address of a broker/],
    ["mqtt://broker.local/topic", /ends behind its port/],
    ["mqtt://broker.local:0", /port from 1 to 65535/],
  ])("does not take the address %s", (url, words) => {
    expect(problemsOf({ url })).toEqual([expect.stringMatching(words)]);
  });

  it("takes filters that are some, and the group of a share by itself", () => {
    expect(problemsOf({ topics: ["a/#/b"] })).toHaveLength(1);
    expect(problemsOf({ topics: ["$share/g/a"] })).toHaveLength(1);
    expect(problemsOf({ share: "a/b" })).toEqual([expect.stringContaining("a group is a name")]);
    expect(problemsOf({ share: "g" })).toEqual([]);
  });

  it("has a certificate with its key, and certificates for TLS only", async () => {
    const tls = { cert: "gw.crt" };
    expect(problemsOf({ tls })).toEqual(["tls: cert and key go together"]);
    const faults: Fault[] = [];
    await mqttClient.load(
      { ...least, tls: {} },
      {
        report: (fault) => faults.push(fault),
        read: async () => undefined,
        again: noAgain,
        bytes: async () => undefined,
      },
    );
    expect(faults).toMatchObject([{ path: ["tls"], hint: expect.stringContaining("mqtts://") }]);
  });

  it("names its password by reference, which is looked for like that of a receiver", () => {
    expect(mqttClient.secrets).toEqual(["password"]);
    expect(problemsOf({ password: "hunter2" })).toHaveLength(1);
  });
});
