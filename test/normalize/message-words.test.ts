import { expect, test } from "vitest";
import { eventsOf, givenCatalog, givenMessage, givenNormalizer, givenProfile } from "./given.ts";

function readWith(differs: object): (payload: object) => unknown[] {
  const normalize = givenNormalizer({
    catalog: givenCatalog({ profiles: [givenProfile({ examples: [example], ...differs })] }),
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 0,
  });
  return (payload) =>
    eventsOf(normalize(givenMessage("plant/hall/data", payload), true)).map(({ event }) => [
      event.device,
      event.kind === "measurement" && event.data.map(({ name, value }) => [name, value]),
    ]);
}

const example = {
  topic: "plant/hall/data",
  payload: { id: 7, model: "m", events: [{ component: "c", t: 1 }] },
  expect: { rejection: "no-metric" },
};

test("words of a message tell devices of one number apart", () => {
  const read = readWith({
    match: { topic: "plant/{site}/data" },
    words: { model: "model" },
    device: { path: "id", prefix: "{model}-" },
  });
  expect(read({ model: "AC-2", id: 7, t: 1 })).toEqual([["acme-AC--2-7", [["temperature", 1]]]]);
  expect(read({ model: "B", id: 7, t: 2 })).toEqual([["acme-B-7", [["temperature", 2]]]]);
});

test("words of a member name its metrics, and a metric whose word is not there is left out", () => {
  const read = readWith({
    each: { path: "events" },
    words: { component: ["component", "part"] },
    metrics: [{ name: "{component}_temperature", path: "t" }],
  });
  expect(read({ events: [{ component: "in", t: 1 }, { part: "out", t: 2 }, { t: 3 }] })).toEqual([
    ["acme-hall", [["in_temperature", 1]]],
    ["acme-hall", [["out_temperature", 2]]],
    ["acme-hall", false],
  ]);
});
