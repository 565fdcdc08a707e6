import { it } from "vitest";
import { GatewayScript, minutes, s } from "./gateway-script.ts";
import { device, edited, hot, isRight, type Report, report, silent } from "./report.ts";

const damp = {
  ...hot,
  select: { metric: "humidity" },
  condition: { threshold: { above: 20 } },
};
const fromHot = () => device().sample("d", s, 40).watermark(s);
const started = "Hot firing for_elapsed 12:00:01, known 12:00:01";
const dead = (value: number) =>
  device()
    .sample("d", 0, value)
    .watermark(s)
    .watermark(2 * minutes);

const edits: readonly Report[] = [
  edited("a temperature is never judged as humidity, by an edit that asks for that", [
    [
      [{ ...hot, condition: { threshold: { above: 80 } } }],
      new GatewayScript()
        .device("d", { metrics: ["temperature", "humidity"] })
        .sample("d", 0, 25)
        .sample("d", 0, 5, { metric: "humidity" })
        .watermark(s),
    ],
    [
      [damp],
      new GatewayScript()
        .watermark(2 * s)
        .sample("d", 10 * s, 5, { metric: "humidity" })
        .watermark(11 * s),
    ],
  ]),
  edited(
    "what fired only since a value was missing ends when missing is no breach any more",
    [
      [[{ ...hot, on_missing: "fire" }], dead(20)],
      [[{ ...hot, on_missing: "keep" }], new GatewayScript().watermark(3 * minutes)],
    ],
    "Hot firing no_data 12:00:30, known 12:02:00",
    "Hot ended rule_changed 12:02:00, known 12:03:00",
  ),
  edited(
    "what fires on with a value that is missing ends when a missing value ends it",
    [
      [[{ ...hot, on_missing: "keep" }], dead(40)],
      [[{ ...hot, on_missing: "resolve" }], new GatewayScript().watermark(3 * minutes)],
    ],
    "Hot firing for_elapsed 12:00:00, known 12:00:01",
    "Hot firing stale 12:00:30, known 12:02:00",
    "Hot ended no_data 12:00:30, known 12:03:00",
  ),
  edited(
    "a rule that is deleted while it fires ends its alert",
    [
      [[hot], fromHot()],
      [[damp], new GatewayScript().watermark(3 * s)],
      [[silent], new GatewayScript().watermark(4 * s)],
    ],
    started,
    "Hot ended rule_changed 12:00:03, known 12:00:03",
  ),
  edited(
    "a new rule sees the value that holds",
    [
      [
        [silent],
        device()
          .sample("d", 0, 99)
          .watermark(30 * s),
      ],
      [[{ ...hot, hold: "1h" }], new GatewayScript().watermark(40 * s)],
    ],
    "Hot firing for_elapsed 12:00:30, known 12:00:40",
  ),
  edited(
    "a limit that is raised over the value ends the alert, and is named as the reason",
    [
      [[hot], fromHot()],
      [
        [{ ...hot, condition: { threshold: { above: 50 } } }],
        new GatewayScript().sample("d", 2 * s, 40).watermark(2 * s),
      ],
    ],
    started,
    "Hot ended rule_changed 12:00:01, known 12:00:02",
  ),
  edited(
    "a rule that is taken out and put back ends its alert before it begins another",
    [
      [[hot], fromHot()],
      [[silent], new GatewayScript().sample("d", 4 * s, 40)],
      [[hot], new GatewayScript().sample("d", 5 * s, 40).watermark(6 * s)],
    ],
    started,
    "Hot ended rule_removed 12:00:01, known 12:00:05",
    "Hot firing for_elapsed 12:00:01, known 12:00:06",
  ),
  report(
    "a breach that must last a day is counted over any number of restarts",
    { ...hot, for: "1d", hold: "1h" },
    Array.from({ length: 150 }, (_, at) => at * 10 * minutes).reduce(
      (script, atMs) => script.sample("d", atMs, 40).watermark(atMs + s),
      new GatewayScript().device("d", { intervalMs: 10 * minutes }),
    ),
    "Hot firing for_elapsed 12:00:00, known 12:00:01",
  ),
];

it.each(edits)("$about", isRight);
