import { it } from "vitest";
import { GatewayScript, hours, minutes, s } from "./gateway-script.ts";
import { device, hot, isRight, type Report, report, steady } from "./report.ts";
import { isTold, type Story } from "./told-story.ts";

function wasAhead(byMs: number): Report {
  const script = steady(device(), [0, 10 * minutes], 20, byMs);
  steady(script, [10 * minutes, 10 * minutes + 30 * s], 20);
  steady(script, [10 * minutes + 30 * s, 13 * minutes + 30 * s], 99);
  return report(
    `a clock that was ${byMs / minutes} minutes ahead and is right again hides no breach`,
    hot,
    steady(script, [13 * minutes + 30 * s, 25 * minutes], 20),
    "Hot firing for_elapsed 12:10:30, known 12:11:01",
    "Hot ended normal 12:13:30, known 12:13:31",
  );
}

const clocks: readonly Report[] = [
  wasAhead(4 * minutes),
  wasAhead(4.9 * minutes),
  report(
    "a clock that falls back to years ago hides no breach, and is told of",
    hot,
    steady(
      steady(device(), [0, 10 * minutes], 20),
      [10 * minutes, hours],
      99,
      -6 * 365 * 24 * hours,
    ),
    "Hot firing for_elapsed 12:10:00, known 12:11:01",
    "ClockSuspect firing for_elapsed 12:16:10, known 12:16:10",
  ),
  report(
    "a device whose local time goes back an hour in autumn is judged in that hour",
    hot,
    steady(steady(device(), [0, hours], 20), [hours, hours + 50 * minutes], 99, -hours),
    "Hot firing for_elapsed 13:00:00, known 13:01:01",
    "ClockSuspect firing for_elapsed 13:06:10, known 13:06:10",
  ),
  report(
    "one message that lay somewhere for an hour makes nothing wait that comes later",
    { ...hot, for: "10m", hold: "12h" },
    new GatewayScript()
      .device("d", { intervalMs: null })
      .sample("d", -hours, 20, { receivedMs: 0 })
      .watermark(s)
      .sample("d", 10 * minutes, 99)
      .watermark(10 * minutes + s)
      .watermark(20 * minutes + s),
    "Hot firing for_elapsed 12:20:00, known 12:20:01",
  ),
  report(
    "the leap of a clock that was late and is right again is no time in breach",
    { ...hot, for: "30m", hold: "2h" },
    steady(
      steady(
        steady(
          steady(device(), [0, 10 * minutes], 20, -hours),
          [10 * minutes, 11 * minutes],
          99,
          -hours,
        ),
        [11 * minutes, 13 * minutes],
        99,
      ),
      [13 * minutes, 30 * minutes],
      20,
    ),
  ),
  report(
    "every second reading of a device that has whole seconds only is seen",
    hot,
    device().sample("d", 0, 20).sample("d", 0, 99, { receivedMs: 500 }).watermark(900),
    "Hot firing for_elapsed 12:00:00, known 12:00:00",
  ),
];

it.each(clocks)("$about", isRight);

const steps: readonly Story[] = [
  {
    about: "a clock that was 50 seconds ahead and is right again hides no breach",
    rules: "",
    script: `00:00..00:10/10s d 20 @+50s
      00:10 d 20 again
      00:10:10..00:10:40/10s d 99
      00:10:40..00:12/10s d 20`,
    right: ["Hot firing for_elapsed warning 00:10:10", "Hot ended normal warning 00:10:40"],
  },
  {
    about: "... of a device that speaks each second, nor is time counted twice",
    rules: "for: 8s",
    tickMs: 1_000,
    script: `00:00..00:02/1s d 20 @+30s
      00:02..00:02:10/1s d 20
      00:02:10..00:02:20/1s d 99
      00:02:20..00:04/1s d 20`,
    right: ["Hot firing for_elapsed warning 00:02:18", "Hot ended normal warning 00:02:20"],
  },
  {
    about: "one reading of a clock that was ahead for a moment hides none that come behind it",
    rules: "",
    script: `00:00..00:02/10s d 20
      00:02 d 20 @+40s
      00:02:10..00:02:30/10s d 99
      00:02:30..00:08/10s d 20`,
    right: ["Hot firing for_elapsed warning 00:02:10", "Hot ended normal warning 00:02:30"],
  },
  {
    about: "a clock that is set back by less than a minute goes on by what it says then",
    rules: "",
    script: `00:00..00:10/10s d 20
      00:10 d 20 @-40s
      00:10:10..00:10:30/10s d 99 @-40s
      00:10:30..00:12/10s d 20 @-40s`,
    right: ["Hot firing for_elapsed warning 00:09:30", "Hot ended normal warning 00:09:50"],
  },
  {
    about: "what a device says before it knows the time again is judged when it was received",
    rules: "",
    script: `00:00..00:10/10s d 20
      00:10..00:10:30/10s d 99 @-2500h
      00:10:30..00:12/10s d 20`,
    right: ["Hot firing for_elapsed warning 00:10:00", "Hot ended normal warning 00:10:30"],
  },
  {
    about: "what is delivered again all at once is no clock that was set",
    rules: "",
    script: `00:00..00:02/10s d 20
      00:02:05 d 99 @00:01:30
      00:02:06 d 99 @00:01:40
      00:02:07 d 99 @00:01:50
      00:02:10..00:04/10s d 20`,
    right: [],
  },
  {
    about: "two that speak under one name, one of them an hour behind, are no clock that was set",
    rules: "",
    script: "00:00..00:05/10s d 20\n00:00:05..00:05/10s d 99 @-1h",
    right: [],
  },
];

const door = { d: { interval: null, metrics: ["door", "temperature"] } };
const isOpen = "select: { metric: door }, condition: { threshold: { equals: open } }";
/** A device that was away comes back with what it kept meanwhile. */
const returns: readonly Story[] = [
  {
    about: "the history of a door that comes back is judged at its own times",
    rules: isOpen,
    devices: door,
    tickMs: 60_000,
    script: `00:00 d door=open
      01:00 d status offline will
      03:00 d door=closed @01:10 & d door=open @01:20 & d door=closed @03:00
      03:10 until`,
    right: [
      "Hot door firing for_elapsed warning 00:00:00",
      "Hot door ended normal warning 01:10:00",
      "Hot door firing for_elapsed warning 01:20:00",
      "Hot door ended normal warning 03:00:00",
    ],
  },
  {
    about: "... also where another metric is what it says first",
    rules: isOpen,
    devices: door,
    tickMs: 60_000,
    script: `00:00 d door=open
      01:00 d status offline will
      03:00 d temperature=20 @01:10 & d door=closed @01:20 & d temperature=20 @03:00
      03:10 until`,
    right: [
      "Hot door firing for_elapsed warning 00:00:00",
      "Hot door ended normal warning 01:20:00",
    ],
  },
  {
    about: "a breach in what a device kept is found, though it speaks of now right behind that",
    rules: "for: 5m",
    devices: { d: { interval: "1m" } },
    tickMs: 60_000,
    script: `00:00..01:00/1m d 20
      03:00 d 40 @01:10 & d 40 @01:12 & d 40 @01:14 & d 40 @01:16 & d 20 @01:17 & d 20 @03:00
      03:10 until`,
    right: ["Hot firing for_elapsed warning 01:15:00", "Hot ended normal warning 01:17:00"],
  },
  {
    about: "a device that is back counts from its word on, not from the watermark before",
    rules: `${isOpen}, for: 10m`,
    devices: door,
    script: `00:00:01 d door=open
      00:03:01 d status offline will
      00:08:01 d status online
      00:20 until`,
    right: ["Hot door firing for_elapsed warning 00:15:01"],
  },
  {
    about: "another device that takes the place of one that was away has not its value",
    rules: `${isOpen}, for: 10m`,
    devices: door,
    script: `00:00:01 d door=open
      00:03:01 d status offline will
      00:08:01 d status online & d record {"profile":"other@1"}
      00:30 until`,
    right: [],
  },
];

it.each([...steps, ...returns])("$about", isTold);
