import { describe, expect, test } from "vitest";
import {
  type CommandOrder,
  decodeOrder,
  encodeOrder,
  maxCommandBytes,
} from "../../src/core/command-codec.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { sampleCancel, sampleCommand } from "../support/commands.ts";

const encoder = new TextEncoder();
const order: CommandOrder = { order: "command", command: sampleCommand() };

function decodeChanged(change: (event: Record<string, Record<string, unknown>>) => void) {
  const { natsSubject, text } = encodeOrder(order);
  const event = JSON.parse(text);
  change(event);
  return decodeOrder(natsSubject, encoder.encode(JSON.stringify(event)));
}

describe("a command on the wire", () => {
  test("comes back as it was issued", () => {
    const device = toDeviceId("Kühl/haus 7.*>");
    const command = sampleCommand({ device, reason: "too warm", run: "r-1", by: "plan/night" });
    for (const sent of [
      { order: "command", command },
      { order: "cancel", cancel: { ...sampleCancel(command), reason: "by mistake" } },
    ] satisfies CommandOrder[]) {
      const { natsSubject, text } = encodeOrder(sent);
      expect(decodeOrder(natsSubject, encoder.encode(text))).toEqual(sent);
    }
  });

  test("is a CloudEvent that says who wants what of which device, and until when", () => {
    const { natsSubject, text } = encodeOrder(order);
    expect(natsSubject).toBe("cmd.plant-a.gw1.freezer-07.set_point");
    expect(JSON.parse(text)).toEqual({
      specversion: "1.0",
      id: "c-1",
      source: "/kim",
      type: "io.sluicegate.command.v1",
      subject: "freezer-07",
      time: "2026-11-21T14:00:00.000Z",
      expirytime: "2026-11-21T14:05:00.000Z",
      datacontenttype: "application/json",
      data: {
        site: "plant-a",
        gateway: "gw1",
        command: "c-1",
        name: "set_point",
        params: { level: -18.5, fast: true, mode: "eco" },
      },
    });
  });

  test("is none under the subject of another device, command or cancel", () => {
    const { text } = encodeOrder(order);
    for (const subject of ["freezer-08.set_point", "freezer-07.set", "freezer-07.=cancel"])
      expect(decodeOrder(`cmd.plant-a.gw1.${subject}`, encoder.encode(text))).toEqual({
        malformed: "its subject and its body differ",
      });
  });

  test.each([
    ["type", "its type is not known"],
    ["subject", "it does not say which device of which gateway it is for"],
    ["source", "it does not say who wants it"],
    ["time", "it does not say when it was issued"],
    ["expirytime", "it does not expire within 31 days"],
    ["data", "it is no CloudEvent"],
  ])("is none without its %s", (field, malformed) => {
    expect(decodeChanged((event) => delete event[field])).toEqual({ malformed });
  });

  test.each([
    ["a parameter that is a list", { level: [1] }],
    ["a parameter that is null", { level: null }],
    ["a parameter with a name that no profile can give", { "Level 1": 1 }],
    [
      "more parameters than anybody needs",
      Object.fromEntries([...Array(65)].map((_, n) => [`p${n}`, n])),
    ],
  ])("is none with %s", (_, params) => {
    expect(decodeChanged(({ data }) => Object.assign(data ?? {}, { params }))).toEqual({
      malformed: "its parameters cannot be read",
    });
  });

  test("is none where it is too large, no JSON, no UTF-8 or nested without end", () => {
    const { natsSubject } = encodeOrder(order);
    const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
    for (const body of ["", "null", "[]", "{", deep, `"${"x".repeat(maxCommandBytes)}"`])
      expect(decodeOrder(natsSubject, encoder.encode(body))).toHaveProperty("malformed");
    expect(decodeOrder(natsSubject, Uint8Array.of(0x7b, 0xff, 0x7d))).toHaveProperty("malformed");
  });

  test("is none with an id that would break a line, a topic or a file", () => {
    for (const id of ["", "a b", "a/b", "a\n", "x".repeat(129)])
      expect(
        decodeChanged((event) => {
          Object.assign(event, { id });
          Object.assign(event["data"] ?? {}, { command: id });
        }),
      ).toEqual({ malformed: "it has no id" });
  });
});
