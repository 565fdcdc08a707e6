import { expect, test } from "vitest";
import {
  parsedProfile,
  readParsedProfiles,
  toParsedProfile,
} from "../../../src/config/site/parsed-profiles.ts";
import { outlineOf } from "../../../src/normalize/listed-profile.ts";
import { givenProfile, smallFile } from "../../normalize/given.ts";

const file = Buffer.from("profile: acme/probe\n");
const value = {
  ...smallFile,
  match: { topic: ["acme/{device}", "acme/{device}/p{channel}"], device: "probe-*" },
  ignore: ["acme/+/log"],
  status: [{ topic: "acme/{device}/is", path: "state", online: "on", offline: "off" }],
};

test("what the build read of a file counts for this very file", () => {
  const profile = givenProfile(value);
  const parsed = toParsedProfile(file, value, profile);
  const json = Buffer.from(JSON.stringify({ "acme/probe.yaml": parsed }));
  const entry = readParsedProfiles(json)["acme/probe.yaml"];
  const listed = parsedProfile(entry, file);
  expect(listed?.outline).toEqual(outlineOf(profile));
  expect(listed?.read()).toEqual(profile);
  expect(listed?.read()).toBe(listed?.read());
  expect(parsedProfile(entry, Buffer.from("profile: acme/prove\n"))).toBeUndefined();
  expect(parsedProfile(entry, Buffer.alloc(0))).toBeUndefined();
  expect(parsedProfile(undefined, file)).toBeUndefined();
});

test("a damaged or missing file of the build is no profile at all", () => {
  const damaged = ["", "{", "[]", "null", '{"a":1}', '{"a":{"bytes":"1"}}'];
  const ofAnother = '{"a":{"bytes":1,"crc":1,"value":{}}}';
  for (const text of [...damaged, ofAnother])
    expect(readParsedProfiles(Buffer.from(text))).toEqual({});
  expect(readParsedProfiles(undefined)).toEqual({});
});
