import { expect, test } from "vitest";
import {
  parsedValue,
  readParsedProfiles,
  toParsedProfile,
} from "../../../src/config/site/parsed-profiles.ts";

const file = Buffer.from("profile: acme/probe\n");
const value = { profile: "acme/probe" };

test("what the build read of a file counts for this very file", () => {
  const json = Buffer.from(JSON.stringify({ "acme/probe.yaml": toParsedProfile(file, value) }));
  const entry = readParsedProfiles(json)["acme/probe.yaml"];
  expect(parsedValue(entry, file)).toEqual(value);
  expect(parsedValue(entry, Buffer.from("profile: acme/prove\n"))).toBeUndefined();
  expect(parsedValue(entry, Buffer.alloc(0))).toBeUndefined();
  expect(parsedValue(undefined, file)).toBeUndefined();
});

test("a damaged or missing file of the build is no profile at all", () => {
  for (const text of ["", "{", "[]", "null", '{"a":1}', '{"a":{"bytes":"1"}}'])
    expect(readParsedProfiles(Buffer.from(text))).toEqual({});
  expect(readParsedProfiles(undefined)).toEqual({});
});
