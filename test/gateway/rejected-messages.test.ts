import { expect, test } from "vitest";
import type { StoredEvent } from "../../src/core/event.ts";
import { toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { RejectedMessages } from "../../src/gateway/rejected/rejected-messages.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import {
  givenCatalog,
  givenDevice,
  givenMessage,
  givenProfile,
  storedOf,
} from "../normalize/given.ts";

const limits = { maxSkewMs: 300_000, maxAgeMs: 30 * 86_400_000, maxRejectedBytes: 1_000 };

test("what credentials said whom a message is from stays so when it is read again", async () => {
  const shared = givenProfile({ match: { topic: "plant/{device}/data" } });
  const other = givenProfile({
    profile: "acme/other",
    match: undefined,
    metrics: [{ name: "level", path: "level" }],
    examples: [{ topic: "any", payload: { level: 1 }, expect: { metrics: { level: 1 } } }],
  });
  const catalog = givenCatalog({
    profiles: [shared, other],
    devices: [givenDevice({ id: "own", profile: "acme/other" })],
  });
  const normalize = createNormalizer({ catalog, ...limits });
  const device = toDeviceId("own");
  const { event } = storedOf(
    normalize(givenMessage("plant/victim/data", { t: 1 }, { device }), true),
  );
  expect(event).toMatchObject({ kind: "rejection", device: "own" });
  if (event.kind !== "rejection") throw new Error("it was read");
  const origin = { site: toSiteId("s"), gateway: toGatewayId("g") };
  const stored = { ...event, origin, position: { run: toRunId("00000000"), seq: toSeq(1) } };
  const unused = (): never => {
    throw new Error("nothing is to be stored");
  };
  const messages = new RejectedMessages({
    read: async (visit) => {
      await visit(stored satisfies StoredEvent);
      return true;
    },
    normalizer: () => normalize,
    met: unused,
    own: unused,
    draft: unused,
    log: { lastSeq: toSeq(1), durableSeq: toSeq(1), append: unused, onDurable: unused },
  });
  expect(await messages.try({})).toMatchObject({ read: 0, rejected: 1 });
});
