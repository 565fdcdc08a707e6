import { describe, expect, it } from "vitest";
import { LiveStore } from "../../src/console/state/live-store.ts";

/** A store whose screen is drawn when the test says so. */
function open() {
  const pictures: (() => void)[] = [];
  const store = new LiveStore((show) => pictures.push(show));
  const draw = (): number => pictures.splice(0).map((show) => show()).length;
  return { store, draw };
}

describe("what is told live", () => {
  it("is shown with the next picture, however many changes came before it", () => {
    const { draw, store } = open();
    const { isLoaded, rows } = store.topic("devices");
    store.take("snapshot", "devices", { a: { n: 1 }, b: { n: 1 } });
    for (let n = 2; n < 100; n++) store.take("delta", "devices", { a: { n } });
    expect([isLoaded.value, rows.value.size]).toEqual([false, 0]);
    expect(draw()).toBe(1);
    expect([isLoaded.value, rows.value.get("a")]).toEqual([true, { n: 99 }]);
  });

  it("has the same object for a row that did not change", () => {
    const { draw, store } = open();
    store.take("snapshot", "devices", { a: { n: 1 }, b: { n: 1 } });
    draw();
    const before = store.topic("devices").rows.value;
    store.take("delta", "devices", { a: { n: 2 }, c: { n: 1 }, b: null });
    draw();
    const after = store.topic("devices").rows.value;
    expect([...after.keys()]).toEqual(["a", "c"]);
    expect(before.get("b")).toEqual({ n: 1 });
    store.take("delta", "devices", { c: { n: 2 } });
    draw();
    expect(store.topic("devices").rows.value.get("a")).toBe(after.get("a"));
  });

  it("is nothing before all of it came: a part would look like the whole", () => {
    const { draw, store } = open();
    store.take("delta", "devices", { a: { n: 1 } });
    expect(draw()).toBe(0);
    expect(store.topic("devices").isLoaded.value).toBe(false);
    expect(store.newest("devices")).toBeUndefined();
  });

  it("is replaced by a snapshot, so that what went away meanwhile is gone", () => {
    const { draw, store } = open();
    store.take("snapshot", "devices", { a: { n: 1 }, b: { n: 1 } });
    store.take("snapshot", "devices", { b: { n: 2 } });
    draw();
    expect([...store.topic("devices").rows.value]).toEqual([["b", { n: 2 }]]);
  });

  it("is forgotten where nobody looks, and bounded where it has no end", () => {
    const { draw, store } = open();
    store.take("snapshot", "live:sent", {});
    for (let n = 1; n < 2_000; n++) store.take("delta", "live:sent", { [n]: { n } });
    draw();
    const topic = store.topic("live:sent");
    expect(topic.rows.value.size).toBeLessThanOrEqual(500);
    expect(topic.rows.value.get("1999")).toEqual({ n: 1_999 });
    store.keepOnly(new Set(["devices"]));
    expect([topic.isLoaded.value, topic.rows.value.size]).toEqual([false, 0]);
  });
});
