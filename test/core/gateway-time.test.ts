import { describe, expect, it } from "vitest";
import { GatewayTime } from "../../src/core/gateway-time.ts";
import { ManualClock } from "../support/manual-clock.ts";

describe("GatewayTime", () => {
  it("goes on when somebody sets the wall clock, until the step is adopted", async () => {
    const clock = new ManualClock(1_000_000);
    const time = new GatewayTime(clock, 0);
    clock.step(-3_600_000);
    await clock.advance(500);
    expect(time.nowMs()).toBe(1_000_500);
    expect(time.adoptStep()).toBe(-3_600_000);
    expect(time.nowMs()).toBe(1_000_500 - 3_600_000);
    expect(time.adoptStep()).toBeUndefined();
  });

  it("leaves small differences alone", () => {
    const clock = new ManualClock(1_000_000);
    const time = new GatewayTime(clock, 0);
    clock.step(1_900);
    expect(time.adoptStep()).toBeUndefined();
  });

  it("is not synced before a moment that is certainly past", () => {
    const clock = new ManualClock(1_000);
    const time = new GatewayTime(clock, 2_000_000);
    expect(time.synced).toBe(false);
    clock.step(2_000_000);
    time.adoptStep();
    expect(time.synced).toBe(true);
  });

  it("knows the time after a clock that ran ahead was set back, before what the log says", () => {
    const clock = new ManualClock(2_000_000);
    const time = new GatewayTime(clock, 500_000, 2_000_000);
    clock.step(-1_000_000);
    time.adoptStep();
    expect(time.synced).toBe(true);
    clock.step(-900_000);
    time.adoptStep();
    expect(time.synced).toBe(false);
  });

  it("does not know the time at a start before what the log says, until it is set", () => {
    const clock = new ManualClock(1_000_000);
    const time = new GatewayTime(clock, 500_000, 2_000_000);
    expect(time.synced).toBe(false);
    clock.step(-10_000);
    time.adoptStep();
    expect(time.synced).toBe(false);
    clock.step(1_500_000);
    time.adoptStep();
    expect(time.synced).toBe(true);
  });
});
