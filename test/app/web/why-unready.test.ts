import { expect, it } from "vitest";
import { whyUnready } from "../../../src/app/web/status/why-unready.ts";

const gateway = (holding: boolean) => ({
  status: () => ({ sources: [{ name: "mqtt 127.0.0.1:1883", holding }] }),
});
const hub = (connected: boolean) => () => ({
  hub: { connected, reason: connected ? null : "connection refused" },
});

it("A process is unready where it takes nothing from its devices, or hears no backbone", () => {
  expect(whyUnready({ gateway: gateway(false), hubStatus: undefined })).toBeUndefined();
  expect(whyUnready({ gateway: gateway(false), hubStatus: hub(true) })).toBeUndefined();
  expect(whyUnready({ gateway: gateway(true), hubStatus: undefined })).toBe(
    "the buffer takes nothing from mqtt 127.0.0.1:1883",
  );
  expect(whyUnready({ gateway: undefined, hubStatus: hub(false) })).toBe(
    "the backbone is away: connection refused",
  );
});
