import { expect, test } from "vitest";
import { statusSocketOf, statusSocketsOf } from "../../src/config/status-socket.ts";

const place = { folder: "/etc/sg", config: { gateway: { data: "/data" }, status: {} } };

test("a process is found on the socket of whatever roles it has", () => {
  const roles = ["gateway", "processor", "notifier", "historian"];
  const sockets = statusSocketsOf(place, roles);
  expect(sockets[0]).toBe("/data/sluicegate.sock");
  for (let some = 1; some < 2 ** roles.length; some += 1) {
    const split = roles.filter((_, at) => some & (1 << at));
    expect(sockets).toContain(statusSocketOf(place, split));
  }
  expect(new Set(sockets).size).toBe(sockets.length);
});
