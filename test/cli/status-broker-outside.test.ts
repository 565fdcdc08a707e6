import { describe, expect, it } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { mosquittoProcess } from "../support/mosquitto-process.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { waitUntil } from "../support/wait-until.ts";

describe("sluicegate status", () => {
  it("says of each broker outside whether it is reached, and why not; the stream has it too", async () => {
    const cwd = await openFolder();
    const { url } = await natsServer();
    const there = await mosquittoProcess();
    const nowhere = `mqtt://127.0.0.1:${await freePort()}`;
    const entry = { kind: "mqtt-client", topics: ["t/#"] };
    const sources = [
      { ...entry, url: there.url },
      { ...entry, url: nowhere },
    ];
    const gateway = await gatewayProcess({ folder: cwd, natsUrl: url, sources });
    await gateway.start();
    await waitUntil(async () => {
      const { stdout } = await runCommand(["status"], { cwd });
      return /no connection for .*: nothing listens/.test(stdout) && /connected for/.test(stdout);
    }, "status tells of both");
    await gateway.drained();
    const statuses = (await readGatewayStream(url))
      .map((body) => JSON.parse(Buffer.from(body).toString()))
      .filter(({ data }) => data?.client?.startsWith("mqtt://"));
    expect(statuses.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        { state: "online", cause: "connect", client: there.url },
        {
          state: "offline",
          cause: "connection-lost",
          client: nowhere,
          text: "nothing listens there (ECONNREFUSED)",
        },
      ]),
    );
  });
});
