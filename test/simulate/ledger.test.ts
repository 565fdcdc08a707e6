import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  eventIdOf,
  toDeviceId,
  toGatewayId,
  toRunId,
  toSeq,
  toSiteId,
} from "../../src/core/ids.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { judge, openLedger } from "../support/ledger.ts";
import { tempFolder } from "../support/temp-folder.ts";

const gateway = toGatewayId("gw1");
const encode = createEventEncoder({ site: toSiteId("plant"), gateway });

function bodiesOf(...numbers: number[]): string[] {
  return numbers.map((n, at) =>
    encode(
      {
        kind: "measurement",
        device: toDeviceId("freezer-07"),
        timeMs: 0,
        receivedMs: 0,
        clock: "gateway",
        data: [
          { name: "temperature", value: -18, quality: "good" },
          { name: "n", value: n, quality: "good" },
        ],
      },
      eventIdOf(gateway, toRunId("k3f9q2aa"), toSeq(at + 1)),
    ),
  );
}

const acksOf = (...numbers: number[]) => numbers.map((n) => ["freezer-07", n] as const);

describe("judge", () => {
  test("finds each kind of fault, and none where there is none", () => {
    expect(judge(acksOf(1, 2, 3), bodiesOf(1, 2, 3))).toMatchObject({ acked: 3, ok: true });
    expect(judge(acksOf(1, 2, 3), bodiesOf(1, 3))).toMatchObject({ lost: 1, ok: false });
    expect(judge(acksOf(1, 2, 3), bodiesOf(1, 2, 2, 3))).toMatchObject({
      duplicated: 1,
      ok: false,
    });
    expect(judge(acksOf(1, 2, 3), bodiesOf(2, 1, 3))).toMatchObject({ reordered: 1, ok: false });
    expect(judge(acksOf(1), bodiesOf(1, 2))).toMatchObject({ unexpected: 1, ok: true });
  });

  test("reads bytes as well as text, and passes over the gateway's own events", () => {
    const watermark = encode(
      {
        kind: "watermark",
        device: null,
        timeMs: 0,
        receivedMs: 0,
        clock: "gateway",
        data: { t: 0 },
      },
      eventIdOf(gateway, toRunId("k3f9q2aa"), toSeq(9)),
    );
    const bodies = [...bodiesOf(1), watermark].map((text) => new TextEncoder().encode(text));
    expect(judge(acksOf(1), bodies)).toMatchObject({ acked: 1, stored: 1, exact: true });
  });

  test("refuses a body that is no event", () => {
    expect(() => judge(acksOf(1), ["{}"])).toThrow("not an event");
  });
});

describe("openLedger", () => {
  test("counts what an earlier process noted, but not a line that its end tore", async () => {
    const path = join(await tempFolder(), "ledger");
    const first = openLedger(path);
    first.acked("freezer-07", 1);
    first.close();
    const second = openLedger(path);
    second.acked("freezer-07", 2);
    await Promise.resolve();
    appendFileSync(path, '["freezer-07",3');
    expect(second.compare(bodiesOf(1, 2))).toMatchObject({ acked: 2, exact: true });
    second.close();
  });
});
