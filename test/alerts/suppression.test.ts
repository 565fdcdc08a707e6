import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { actionOn, endOf, givenBoard, isoAt, transitionOf } from "./given-alerts.ts";

const by = (alert: string, ...equal: string[]) => ({ suppressed_by: [{ alert, equal }] });
const silent = { alert: "ProbeSilent", handling: by("GatewayOffline", "gateway") };
const gateway = { alert: "GatewayOffline", labels: { site: "plant-a", gateway: "gw1" } };

describe("an alert that another one explains", () => {
  test("is hidden while that fires, whichever came first, and by itself on both ways", () => {
    const { board, stateOf, take } = givenBoard();
    take(transitionOf("p1", 0, 1, silent));
    expect(stateOf("p1", 1, "ProbeSilent")).toBe("unacknowledged");
    const offline = take(transitionOf("gw", 2, 1, gateway));
    expect(stateOf("p1", 2, "ProbeSilent")).toBe("suppressed");
    expect(board.view("ProbeSilent-p1", 0)?.suppressedBy).toBe(offline);
    take(transitionOf("p2", 3, 1, silent));
    expect(stateOf("p2", 3, "ProbeSilent")).toBe("suppressed");
    take(endOf("gw", 2, 2, 4, gateway));
    expect(stateOf("p1", 4, "ProbeSilent")).toBe("unacknowledged");
    expect(stateOf("p2", 4, "ProbeSilent")).toBe("unacknowledged");
  });

  test("is explained also when it is normal again, and listed as normal", () => {
    const { board, stateOf, take } = givenBoard();
    const offline = take(transitionOf("gw", 0, 1, gateway));
    take(transitionOf("p1", 1, 1, silent));
    take(endOf("p1", 1, 2, 2, silent));
    expect(stateOf("p1", 3, "ProbeSilent")).toBe("normal");
    expect(board.explanationOf("ProbeSilent-p1")).toBe(offline);
    take(endOf("gw", 0, 2, 4, gateway));
    expect(board.explanationOf("ProbeSilent-p1")).toBeUndefined();
  });

  test("is of the same site and has every label that must be equal", () => {
    const { stateOf, take } = givenBoard();
    take(transitionOf("gw", 0, 1, gateway));
    const labelled = (device: string, labels: AlertTransition["labels"], equal: string) =>
      take(
        transitionOf(device, 1, 1, { ...silent, labels, handling: by("GatewayOffline", equal) }),
      );
    labelled("other-site", { site: "plant-b", gateway: "gw1" }, "gateway");
    labelled("other-gateway", { site: "plant-a", gateway: "gw2" }, "gateway");
    labelled("no-such-label", { site: "plant-a", gateway: "gw1" }, "line");
    labelled("same", { site: "plant-a", gateway: "gw1" }, "gateway");
    const states = ["other-site", "other-gateway", "no-such-label", "same"].map((device) =>
      stateOf(device, 2, "ProbeSilent"),
    );
    expect(states).toEqual(["unacknowledged", "unacknowledged", "unacknowledged", "suppressed"]);
  });

  test("is named by its group as well, and explained over others that are hidden", () => {
    const { stateOf, take } = givenBoard();
    take(transitionOf("gw", 0, 1, gateway));
    take(transitionOf("p1", 1, 1, { alert: "DeviceSilent", handling: by("cold/GatewayOffline") }));
    take(
      transitionOf("p1", 2, 1, { alert: "ProbeSilent", handling: by("DeviceSilent", "device") }),
    );
    expect(stateOf("p1", 3, "DeviceSilent")).toBe("suppressed");
    expect(stateOf("p1", 3, "ProbeSilent")).toBe("suppressed");
  });

  test("is explained by one that is shelved, and not by one that is out of service", () => {
    const { act, stateOf, take } = givenBoard();
    take(transitionOf("p1", 0, 1, silent));
    const offline = take(transitionOf("gw", 1, 1, gateway));
    act(actionOn(offline, "shelve", 2, { until: isoAt(60), reason: "works" }), 2);
    expect(stateOf("p1", 3, "ProbeSilent")).toBe("suppressed");
    act(actionOn(offline, "out-of-service", 4, { reason: "works" }), 4);
    expect(stateOf("p1", 4, "ProbeSilent")).toBe("unacknowledged");
    act(actionOn(offline, "in-service", 5), 5);
    expect(stateOf("p1", 5, "ProbeSilent")).toBe("suppressed");
  });

  test("that was never seen and is over waits behind the other, where it has to be seen", () => {
    const { stateOf, take } = givenBoard();
    const critical = { ...silent, severity: "critical" } as const;
    take(transitionOf("gw", 0, 1, gateway));
    take(transitionOf("p1", 1, 1, critical));
    take(endOf("p1", 1, 2, 2, critical));
    expect(stateOf("p1", 3, "ProbeSilent")).toBe("suppressed");
    take(endOf("gw", 0, 2, 4, gateway));
    expect(stateOf("p1", 5, "ProbeSilent")).toBe("returned-unacknowledged");
  });
});

describe("rules that would hide each other in a circle", () => {
  const shown = (count: number, alerts: readonly string[], equal: string[]) => {
    const { board, take } = givenBoard();
    for (let index = 0; index < count; index += 1) {
      const alert = alerts[index % alerts.length] ?? "";
      const next = alerts[(index + 1) % alerts.length] ?? "";
      take(transitionOf(`f${index}`, index, 1, { alert, handling: by(next, ...equal) }));
    }
    return [...board.views(0)].filter(({ state }) => state !== "suppressed").length;
  };

  test("leave the one to be seen that began first, of one rule, of two and of three", () => {
    expect(shown(1, ["A"], ["site"])).toBe(1);
    expect(shown(2_000, ["A"], ["site"])).toBe(1);
    expect(shown(2, ["A", "B"], ["site"])).toBe(1);
    // B hides A, C hides B, A hides C: whatever is hidden, one that is not explains it in the end.
    expect(shown(3, ["A", "B", "C"], ["site"])).toBeGreaterThan(0);
    expect(shown(2, ["A", "B"], ["nobody-has-it"])).toBe(2);
  });
});
