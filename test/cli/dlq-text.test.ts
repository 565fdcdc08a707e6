import { expect, test } from "vitest";
import { againLines } from "../../src/cli/dlq-text.ts";

const counts = { read: 0, rejected: 0, passedOver: 0, unusable: 0 };

test("what messages became is told with times and units, and what still does not fit with its reason", () => {
  const data = [
    { name: "temperature", unit: "Cel", value: 21.5, quality: "good" },
    { name: "door", value: "ajar", quality: "bad" },
  ];
  const now = [{ device: "acme-7", kind: "measurement", timeMs: 1_795_948_080_000, data }];
  const samples = [
    { id: "gw1.a.7", topic: "acme/7/x", now },
    { id: "gw1.a.8", topic: "acme/8/x", now: "not JSON" },
  ];
  expect(againLines({ ...counts, read: 1, rejected: 1, samples }, "would be stored")).toEqual([
    "1 of 2 would be stored",
    "1 still do not fit",
    "  gw1.a.7 acme/7/x",
    "    2026-11-29T10:28:00.000Z acme-7 temperature 21.5 °C · door ajar (bad)",
    "  gw1.a.8 acme/8/x",
    "    not JSON",
  ]);
});

test("how many of them are shown is said where it is not all", () => {
  const samples = [{ id: "gw1.a.7", topic: "acme/7/x", now: "not JSON" }];
  expect(againLines({ ...counts, rejected: 6, samples }, "stored")).toEqual([
    "0 of 6 stored",
    "6 still do not fit",
    "the first 1 of them:",
    "  gw1.a.7 acme/7/x",
    "    not JSON",
  ]);
});

test("where nothing is left to store, that is said", () => {
  expect(againLines({ ...counts, samples: [] }, "stored")).toEqual([
    "no rejected messages wait for a decision",
  ]);
});
