import { expect, test } from "vitest";
import { rankProfiles } from "../../../src/normalize/suggest/rank-profiles.ts";
import { givenProfile } from "../given.ts";

const taker = givenProfile({
  profile: "acme/taker",
  metrics: [
    { name: "wind", path: "wind" },
    { name: "{key}", path: "$.**", type: "any" },
  ],
});
const knower = givenProfile({
  profile: "acme/knower",
  metrics: ["wind", "gust"].map((name) => ({ name, path: name })),
});
const rank = (message: object) => {
  const sample = { topic: "a/b", payload: Buffer.from(JSON.stringify(message)) };
  return rankProfiles([taker, knower], [sample]).map(({ left, profile, values }) => [
    profile.name,
    values,
    left,
  ]);
};

test("a profile that takes values as they are called is not offered for a device that it does not know", () => {
  expect(rank({ vorlauf: 54, druck: 1.8, pumpe: "EIN" })).toEqual([]);
  expect(rank({ wind: 3, gust: 7 })).toEqual([["acme/knower", 2, 0]]);
});
