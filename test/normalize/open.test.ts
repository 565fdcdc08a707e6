/** What is inside a message: base64, hex and JSON in texts. */
import { describe, expect, it } from "vitest";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import { givenReader, outcomeOf, smallFile } from "./given.ts";

const everything = [{ name: "{key}", path: "**", type: "any" }];
const reader = (open: object | object[], differs: object = {}) =>
  givenReader({ open, metrics: everything, ...differs });

describe("a text in the message is opened where it stands", () => {
  it("as JSON in a text, and what is outside stays", () => {
    const read = reader({ path: "data" });
    expect(outcomeOf(read({ id: 7, data: '{"t":20.5,"door":"shut"}' }))).toEqual([
      ["id", 7],
      ["data.t", 20.5],
      ["data.door", "shut"],
    ]);
  });

  it.each([
    ["base64", "eyJ0IjoyMC41fQ=="],
    ["base64", "eyJ0IjoyMC41fQ"],
    ["base64", "eyJ0\r\nIjoyMC41fQ=="],
    ["base64", "eyJ0IjoiPz8_In0"],
    ["hex", "7b2274223a32302e357d"],
    ["hex", "7B 22 74 22 3A 32 30 2E 35 7D"],
    ["hex", "7b:22:74:22:3a:32:30:2e:35:7d"],
    ["hex", "0x7b2274223a32302e357d"],
    ["hex", "0x7b,0x22,0x74,0x22,0x3a,0x32,0x30,0x2e,0x35,0x7d"],
  ])("in %s as %s", (encoding, data) => {
    const read = reader({ path: "data", encoding });
    expect(outcomeOf(read({ data }))).toEqual([["data.t", data.includes("_") ? "???" : 20.5]]);
  });

  it("and what was opened can be opened further", () => {
    const read = reader([{ path: "data", encoding: "base64" }, { path: "data.inner" }]);
    const data = Buffer.from('{"inner":"[1,2]"}').toString("base64");
    expect(outcomeOf(read({ data }))).toEqual([
      ["data.inner.0", 1],
      ["data.inner.1", 2],
    ]);
  });

  it("and the whole message may be that text", () => {
    const read = reader(
      { path: "$", encoding: "hex" },
      { codec: "text", text: { numbers: false } },
    );
    expect(outcomeOf(read("7b2274223a357d"))).toEqual([["t", 5]]);
  });

  it("and each member of a list may hold one; one that cannot be opened costs no other", () => {
    const read = reader({ path: "list.*.data", encoding: "base64" });
    const list = [{ data: "eyJ0IjoxfQ==" }, { data: "?" }, { other: 1 }, { data: "eyJ0IjozfQ==" }];
    expect(outcomeOf(read({ list }))).toEqual([
      ["list.0.data.t", 1],
      ["list.1.data", "?"],
      ["list.2.other", 1],
      ["list.3.data.t", 3],
    ]);
  });
});

describe("where there is nothing to open, nothing is opened", () => {
  it.each([{ id: 7 }, { id: 7, data: null }, { id: 7, data: "" }])("%j", (payload) => {
    const { event } = reader({ path: "data", encoding: "base64" })(payload);
    expect(event.kind).toBe("measurement");
  });
});

describe("a text that cannot be opened is a rejection that says why", () => {
  it.each([
    ["base64", "e", "data: the text is not base64"],
    ["base64", "ab!d", "data: the text is not base64"],
    ["hex", "7b2", "data: the text is not hex"],
    ["hex", "7g", "data: the text is not hex"],
    ["base64", "/w==", "data: payload is not UTF-8"],
    ["text", "{", "data: payload is not JSON"],
    ["text", 5, "data: there is no text to open"],
  ])("%s of %o", (encoding, data, reason) => {
    const read = reader({ path: "data", encoding });
    expect(outcomeOf(read({ data }))).toEqual({ code: "undecodable", reason });
  });
});

describe("a profile is told what does not fit together", () => {
  it.each([
    [{ text: { numbers: false } }, ["text"], "nothing here is read by a codec that has text"],
    [{ open: { path: "a", text: {} } }, ["open", "text"], "the codec json has no text"],
    [{ open: [{ path: "a.**" }] }, ["open", 0, "path"], "** cannot be opened"],
  ])("%j", (differs, path, message) => {
    const checked = parseProfile({ ...smallFile, ...differs });
    expect(checked.ok ? [] : checked.faults).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    );
  });
});
