/** Links on which what is on its way takes far longer than a server may be silent. */
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { currentServer, envOf } from "../support/current-nats-server.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { idsOf, origin, readIds, startForwarding } from "./rig.ts";
import { slowLink } from "./slow-link.ts";

const bytesPerSecond = 64 * 1_024;

for (const [name, program] of [
  ["the server of this system", undefined],
  ["the current server", currentServer],
] as const) {
  describe.skipIf(name === "the current server" && program === undefined)(name, () => {
    test("a slow link is not taken for a dead one, and sends each record once", async () => {
      const server = await natsServer(envOf(program));
      const link = await slowLink(server.port, bytesPerSecond);
      const log = new MemoryLog(origin);
      log.appendMany(110, 16_000);
      const { forwarder } = startForwarding(link.url, log);
      const states = new Set<string>();
      while (log.confirmed?.seq !== log.lastSeq) {
        states.add(forwarder.state().kind);
        await sleep(systemClock, 100);
      }
      expect(states).not.toContain("blocked");
      expect(link.connections).toBe(1);
      expect(await readIds(server.url)).toEqual(idsOf(1, 110));
    });
  });
}
