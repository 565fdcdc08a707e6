import { it } from "vitest";
import { GatewayScript, minutes, s } from "./gateway-script.ts";
import { device, hot, isRight, type Report, report, silent, steady } from "./report.ts";

const missing: readonly Report[] = [
  report(
    "a door that is opened and left open is found, though it says so once",
    {
      ...{ alert: "DoorOpen", select: { metric: "contact" }, for: "10m", severity: "warning" },
      condition: { threshold: { equals: false } },
    },
    new GatewayScript()
      .device("d", { intervalMs: null, metrics: ["contact"] })
      .sample("d", minutes, false, { metric: "contact" })
      .watermark(minutes + s)
      .watermark(11 * minutes + s),
    "DoorOpen firing for_elapsed 12:11:00, known 12:11:01",
  ),
  report(
    "what is seen now and then is over when it was not seen again for as long as a value counts",
    {
      ...{ alert: "Animal", select: { metric: "cat" }, severity: "info", hold: "10m" },
      condition: { threshold: { equals: true } },
      on_missing: "resolve",
    },
    new GatewayScript()
      .device("d", { intervalMs: null, metrics: ["cat"] })
      .sample("d", 0, true, { metric: "cat" })
      .watermark(s)
      .sample("d", 5 * minutes, true, { metric: "cat" })
      .watermark(5 * minutes + s)
      .watermark(20 * minutes),
    "Animal firing for_elapsed 12:00:00, known 12:00:01",
    "Animal ended no_data 12:15:00, known 12:20:00",
  ),
  report(
    "no device is silent that nobody could have heard, since its gateway was away",
    { ...silent, condition: { absent: { longer_than: "15m" } } },
    [10, 20, 30]
      .reduce(
        (script, at) =>
          script.sample("d", at * minutes, 1).watermark(at * minutes, undefined, 600 * s),
        new GatewayScript().device("d", { intervalMs: 10 * minutes }),
      )
      .watermark(32 * minutes, undefined, 720 * s)
      .start(44 * minutes, "bbbbbbbb")
      .watermark(45 * minutes, undefined, 60 * s)
      .sample("d", 50 * minutes, 1)
      .watermark(50 * minutes + s, undefined, 361 * s),
  ),
  report(
    "a device that is dead holds up no other",
    [silent, hot],
    steady(
      steady(
        device()
          .device("dead", { intervalMs: 10 * s })
          .sample("dead", 0, 20),
        [0, 2 * minutes],
        20,
      ),
      [2 * minutes + 10 * s, 3 * minutes],
      99,
    ),
    "Silent firing for_elapsed 12:01:00, known 12:01:01",
    "Hot firing for_elapsed 12:02:10, known 12:02:11",
  ),
  report(
    "a device that never spoke is silent",
    silent,
    device()
      .watermark(59 * s)
      .watermark(minutes + s),
    "Silent firing for_elapsed 12:01:00, known 12:01:01",
  ),
];

it.each(missing)("$about", isRight);
