import { expect, test } from "vitest";
import { Findings } from "../../src/normalize/walk/findings.ts";
import { ReadNode } from "../../src/normalize/walk/read-tree.ts";
import { givenReader, outcomeOf, receivedMs } from "./given.ts";

/** Reads payloads, and tells what of all of them nobody read, with how often. */
function observer(differs: object) {
  const unread = new Findings();
  const misfits = new Findings();
  const read = givenReader(differs, undefined, { unread, misfits });
  const counts = (findings: Findings) =>
    Object.fromEntries(findings.list().map(({ count, place }) => [place, count]));
  return { read, unread, counts: () => counts(unread), misfits: () => counts(misfits) };
}

test("what no path leads to is counted by its path, with the first value as a sample", () => {
  const { counts, read, unread } = observer({ metrics: [{ name: "t", path: "a.t" }] });
  read({ a: { t: 1, h: 50 }, "b.c": { d: [1, 2] }, e: null, f: [], g: {} });
  read({ a: { t: 1, h: 51 } });
  expect(counts()).toEqual({ "a.h": 2, '["b.c"].d.*': 2 });
  const profile = "acme/probe@3";
  expect(unread.list()[0]).toEqual({
    profile,
    place: "a.h",
    sample: "50",
    count: 2,
    lastMs: receivedMs,
  });
});

test("what is read beside metrics is not unread: times, identities, units, probes, expressions", () => {
  const { counts, read } = observer({
    time: [
      { path: "at", format: "rfc3339" },
      { path: "ts", format: "epoch" },
    ],
    identity: { counter: "n", boot: "boot" },
    metrics: [
      { name: "t", path: "*.t", probe: ["Id"], unit: { path: "unit", to: "Cel" } },
      { name: "p", value: 'm["v:0"] * m.i' },
    ],
  });
  read({
    at: "x",
    ts: 1,
    n: 1,
    boot: 2,
    A: { Id: "a", t: 1 },
    unit: "C",
    "v:0": 2,
    i: 3,
    other: 1,
  });
  expect(counts()).toEqual({ other: 1 });
});

test("what is passed over on purpose is not unread, with all that is below it", () => {
  const { counts, read } = observer({
    metrics: [{ name: "t", path: "t" }],
    skip: ["wifi", "sys.**", "*.id", "heap"],
  });
  read({ t: 1, wifi: { rssi: -60, a: { b: 1 } }, sys: { up: 1 }, x: { id: 1, y: 2 }, heap: 3 });
  expect(counts()).toEqual({ "*.y": 1 });
});

test("an exception of a wildcard is unread where no other metric has it", () => {
  const { counts, read } = observer({
    metrics: [
      { name: "t", path: "*.T", except: ["chip", "case"] },
      { name: "chip", path: "chip.T" },
    ],
  });
  read({ A: { T: 1 }, chip: { T: 2 }, case: { T: 3 } });
  expect(counts()).toEqual({ "*.T": 1 });
});

test("of a list whose members are told apart by a field, those without a path are unread", () => {
  const { counts, read } = observer({ metrics: [{ name: "t", path: "list[id=4097].v" }] });
  const list = [
    { id: 4098, v: 1 },
    { id: 4097, v: 2 },
    { id: 4097, v: 3 },
  ];
  expect(outcomeOf(read({ list }))).toEqual([["t", 2]]);
  expect(counts()).toEqual({ "list.*.id": 1, "list.*.v": 1, "list[id=4097].v": 1 });
});

test("a sign of life is one only where nothing is left unread", () => {
  const { read } = observer({ metrics: [{ name: "t", path: "t" }], alive: ["up"], skip: ["heap"] });
  expect(outcomeOf(read({ up: 5, heap: 1 }))).toMatchObject({ state: "online" });
  expect(outcomeOf(read({ t: null, up: 5 }))).toMatchObject({ state: "online" });
  for (const payload of [{ up: 5, smoke: true }, { t: null, smoke: true }, { up: { smoke: true } }])
    expect(outcomeOf(read(payload))).toMatchObject({ code: "no-metric" });
});

test("a list is no wrong value where other paths lead to its members: phases are no total", () => {
  const { counts, read } = observer({
    metrics: [
      { name: "power", path: "P" },
      ...[1, 2, 3].map((phase) => ({ name: `power_${phase}`, path: `P.${phase - 1}` })),
    ],
  });
  expect(outcomeOf(read({ P: [1, 2, 3] }))).toEqual([
    ["power_1", 1],
    ["power_2", 2],
    ["power_3", 3],
  ]);
  expect(outcomeOf(read({ P: 6 }))).toEqual([["power", 6]]);
  expect(counts()).toEqual({});
});

test("what strangers make up takes a bounded table", () => {
  const { read, unread } = observer({ metrics: [{ name: "t", path: "t" }] });
  for (let n = 0; n < 600; n += 1) {
    read({ t: 1, [`k${n}`]: "x".repeat(1_000), [`o${n}`]: { [`p${n}`]: { q: n } } });
    read({ t: 1, ["long".repeat(500) + n]: 1 });
  }
  const list = unread.list();
  expect(list.length).toBeLessThanOrEqual(257);
  expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(1_800);
  for (const { place, sample } of list) expect(place.length + sample.length).toBeLessThan(400);
});

test("values that do not fit are counted by the name of their metric", () => {
  const { misfits, read } = observer({
    metrics: [
      { name: "t", path: "t" },
      { name: "h", path: "h" },
    ],
  });
  read({ t: "x", h: 1 });
  read({ t: "y", h: "z" });
  expect(misfits()).toEqual({ t: 2, h: 1 });
});

const readings = {
  device: { path: "^.gateway.id" },
  each: { path: "body.readings" },
  time: { path: "^.sent", format: "epoch" },
  when: 'm.kind == "data"',
  metrics: [
    { name: "t", path: "t" },
    { name: "site_t", path: "^.site.t" },
    { name: "load", value: "whole.load / 2.0" },
  ],
  skip: ["id", "^.radio.**"],
  alive: ["up", "^.beat"],
};

test("what stands around the members of a message is unread where no path leads back to it", () => {
  const { counts, read } = observer(readings);
  read({
    ...{ kind: "data", sent: 1, gateway: { id: "p1", firmware: 2 }, load: 3, beat: 1 },
    ...{ radio: { rssi: 1 }, site: { t: 1, h: 2 }, "a.b": 1 },
    body: { readings: [{ t: 1, id: 7, h: 5 }, { t: 2 }], count: 2 },
  });
  const outside = { "^.gateway.firmware": 1, "^.site.h": 1, '^["a.b"]': 1, "^.body.count": 1 };
  expect(counts()).toEqual({ ...outside, h: 1 });
});

test("of lists in maps all that is outside of the innermost members is unread", () => {
  const { counts, read } = observer({
    each: [{ path: "nodes", key: "node" }, { path: "list" }],
    metrics: [{ name: "t_{node}", path: "t" }],
    skip: ["^.nodes.*.id"],
  });
  read({ nodes: { a: { id: 1, list: [{ t: 1 }], rssi: 5 }, b: { list: { x: { t: 1, h: 1 } } } } });
  expect(counts()).toEqual({ "^.nodes.*.rssi": 1, h: 1 });
});

test("a member is no sign of life where something around it is left unread", () => {
  const { read } = observer(readings);
  const outer = { kind: "data", sent: 1, gateway: { id: "p1" } };
  const body = { readings: [{ up: 1 }] };
  expect(outcomeOf(read({ ...outer, body }))).toMatchObject({ state: "online" });
  expect(outcomeOf(read({ ...outer, body, smoke: true }))).toMatchObject({ code: "no-metric" });
});

test("what tells a repeat is read", () => {
  const { counts, read } = observer({ repeat: { within: "5s", by: ["seq", "payload"] } });
  read({ t: 1, seq: 5, other: 1 });
  expect(counts()).toEqual({ other: 1 });
});

test("keys and values that only strangers send are not kept at hand, however long they are", () => {
  const unread = new Findings();
  const long = "k".repeat(10_000);
  const node = new ReadNode("");
  node.keep(long, unread.entry("acme/probe@3", long, long));
  node.addUnread(long, true);
  expect(node.entries?.size).toBe(0);
  expect(node.unreadBelow(long)).toBeUndefined();
  const [finding] = unread.list();
  expect(finding?.place).toBe(`${"k".repeat(256)}…`);
  expect(finding?.sample).toBe(`${"k".repeat(64)}…`);
});
