/** Values and what is made of them, as people report them of other alarm systems. */
import { it } from "vitest";
import { isTold, type Story } from "./told-story.ts";

const minutely = { d: { interval: "1m" } };
const hourly = { d: { interval: "1h" } };
const door = { d: { interval: null, metrics: ["door"] } };
const isOpen = "select: { metric: door }, condition: { threshold: { equals: open } }";
const counted = (field: string) =>
  `alert: Door, select: { metric: door }, condition: { window: { agg: count, over: 1h, ${field} } }`;

const stories: readonly Story[] = [
  {
    about: "one reading of poor quality within `for` puts it off by the time until the next",
    rules: "for: 10m",
    devices: minutely,
    script: "00:00..00:05/1m d 40\n00:05 d 40 q=bad\n00:06..00:15/1m d 40",
    right: ["Hot firing for_elapsed warning 00:11:00"],
  },
  {
    about: "a probe that is pulled out, and one that begins with its power-on value, are nothing",
    rules: "for: 30s",
    script: "00:00..00:01/10s d 21\n00:01 d -127 q=bad\n00:01:10 d 85\n00:01:20..00:03/10s d 21",
    right: [],
  },
  {
    about: "a defrost that is shorter than `for` is nothing, the longer one behind it is an alert",
    rules: "for: 15m, condition: { threshold: { above: -15 } }",
    devices: minutely,
    tickMs: 60_000,
    script: `00:00..00:30/1m d -20
      00:30..00:42/1m d -12
      00:42..06:00/1m d -19
      06:00..06:16/1m d -11
      06:16..07:00/1m d -19`,
    right: ["Hot firing for_elapsed warning 06:15:00", "Hot ended normal warning 06:16:00"],
  },
  {
    about: "an alert becomes worse by lasting longer, by the same limit",
    rules:
      "condition: { threshold: { levels: [{ severity: warning, above: 30 }, { severity: critical, above: 30, for: 1m }] } }",
    script: "00:00..00:03/10s d 31\n00:03..00:04/10s d 20",
    right: [
      "Hot firing for_elapsed warning 00:00:00",
      "Hot firing level critical 00:01:00",
      "Hot ended normal critical 00:03:00",
    ],
  },
  {
    about: "a door that stays open is worse after half an hour",
    rules:
      "select: { metric: door }, condition: { threshold: { levels: [{ severity: warning, equals: open, for: 5m }, { severity: critical, equals: open, for: 30m }] } }",
    devices: door,
    tickMs: 60_000,
    script: "00:00 d door=open\n00:40 d door=closed",
    right: [
      "Hot door firing for_elapsed warning 00:05:00",
      "Hot door firing level critical 00:30:00",
      "Hot door ended normal critical 00:40:00",
    ],
  },
  {
    about:
      "a device that is gone while its alert is kept firing ends it after the rest of that time",
    rules: "keep_firing_for: 5m",
    devices: minutely,
    tickMs: 60_000,
    script: "00:00..00:02/1m d 40\n00:02 d 20\n00:30..00:40/1m d 20",
    right: ["Hot firing for_elapsed warning 00:00:00", "Hot ended normal warning 00:32:00"],
  },
  {
    about: "a limit of the device is another while it fires",
    rules: "condition: { threshold: { above: { attr: high, default: 60 } } }",
    devices: { d: { attrs: { high: 40 } } },
    script: `00:00..00:03/10s d 50
      00:01:05 d record {"attrs":{"high":55}}
      00:02:25 d record {"attrs":{"high":45}}`,
    right: [
      "Hot firing for_elapsed warning 00:00:00",
      "Hot ended normal warning 00:01:01",
      "Hot firing for_elapsed warning 00:02:21",
    ],
  },
  {
    about: "a battery that is replaced ends its alert, one that wanders around the limit does not",
    rules: "select: { metric: battery }, condition: { threshold: { below: 20, deadband: 5 } }",
    devices: { d: { interval: "12h", metrics: ["battery"] } },
    tickMs: 600_000,
    script: `00:00 d battery=22
      12:00 d battery=19
      1T00:00 d battery=21
      1T12:00 d battery=20
      2T00:00 d battery=100`,
    right: [
      "Hot battery firing for_elapsed warning 12:00:00",
      "Hot battery ended normal warning 2T00:00:00",
    ],
  },
  {
    about: "another device in its place ends the alert where that is none of the rule",
    rules: "select: { profile: p, metric: temperature }",
    devices: { d: { profile: "p@1" } },
    script: '00:00..00:02/10s d 40\n00:01:05 d record {"profile":"q@1"}',
    right: ["Hot firing for_elapsed warning 00:00:00", "Hot ended rule_removed warning 00:01:06"],
  },
  {
    about:
      "a gateway that starts again within `for` counts on, by what its devices say by themselves",
    rules: `${isOpen}, for: 10m`,
    devices: door,
    script: "00:00 d door=open\n00:05 down\n00:06 up\n00:06:05 d door=open kept\n00:15 until",
    right: ["Hot door firing for_elapsed warning 00:10:00"],
  },
  {
    about: "what pends is fired by time that no value comes in, where missing is a breach too",
    rules: "on_missing: fire, for: 10m",
    devices: minutely,
    script: "00:00..00:03/1m d 40\n00:20 d 40\n00:21 d 20",
    right: [
      "Hot firing no_data warning 00:10:00",
      "Hot firing fresh warning 00:20:00",
      "Hot ended normal warning 00:21:00",
    ],
  },
  {
    about: "samples that must come in a row are those that somebody just said",
    rules: "for_samples: 3",
    script: "00:00 d 40\n00:00:10 d 40 kept\n00:00:20 d 40 again\n00:00:30..00:00:50/10s d 40",
    right: ["Hot firing for_elapsed warning 00:00:40"],
  },
  {
    about: "the rain of a gauge that no profile names an interval of adds up within an hour",
    rules: "select: { metric: rain }, condition: { window: { agg: sum, over: 1h, above: 10 } }",
    devices: { d: { interval: null, metrics: ["rain"] } },
    tickMs: 60_000,
    script: "00:00..00:30/1m d rain=0.4\n00:30..02:00/10m d rain=0",
    right: [
      "Hot rain firing for_elapsed warning 00:30:00",
      "Hot rain ended normal warning 01:06:00",
    ],
  },
  {
    about: "a slope is that of all readings, also where nobody knows how often they come",
    rules: "select: { metric: level }, condition: { rate: { below: -1, per: 1h, over: 2h } }",
    devices: { d: { interval: null, metrics: ["level"] } },
    tickMs: 60_000,
    script: "00:00 d level=90\n00:20 d level=89\n00:40 d level=88\n01:00 d level=87",
    right: ["Hot level firing for_elapsed warning 00:40:00"],
  },
  {
    about: "a text that reports by itself is stuck once it was for so long",
    rules: "select: { metric: door }, condition: { stuck: { longer_than: 2h } }",
    devices: door,
    tickMs: 60_000,
    script: "00:00 d door=open\n01:00 d door=open\n02:30 d door=open",
    right: ["Hot door firing for_elapsed warning 02:30:00"],
  },
  {
    about: "a gap between readings makes no line longer than a value counts",
    rules: "condition: { stuck: { longer_than: 1h } }",
    devices: minutely,
    tickMs: 60_000,
    script: "00:00..00:30/1m d 20\n02:30..03:10/1m d 20\n03:10 d 21",
    right: ["Hot firing for_elapsed warning 02:58:00", "Hot ended normal warning 03:10:00"],
  },
  {
    about: "one opening that is said four times is one",
    rules: counted("matching: 'value == \"open\"', above: 1"),
    devices: door,
    tickMs: 60_000,
    script: `00:00 d door=closed
      00:10 d door=open
      00:10:01 d door=open again
      00:10:02 d door=open kept
      00:10:20 d door=closed
      02:00 until`,
    right: [],
  },
  {
    about: "that nothing was said for so long is a count of none",
    rules: counted("every: 10m, below: 1"),
    devices: door,
    tickMs: 60_000,
    script: "00:00 d door=open\n00:30 d door=closed\n04:00 d door=open\n04:20 until",
    right: [
      "Door door firing for_elapsed warning 01:40:00",
      "Door door ended normal warning 04:10:00",
    ],
  },
  {
    about:
      "what a meter used in a quarter of an hour counts until the next, over a meter that begins anew",
    rules: "select: { metric: used }, condition: { threshold: { above: 10 } }, for: 20m",
    series: "record: used, select: { metric: energy }, agg: increase, every: 15m",
    devices: { d: { interval: "1m", metrics: ["energy"] } },
    tickMs: 30_000,
    script: `00:00..00:15/1m d energy=100
      00:15..00:30/1m d energy=112
      00:30..00:45/1m d energy=13
      00:45..01:20/1m d energy=14`,
    right: [
      "Hot used firing for_elapsed warning 00:50:00",
      "Hot used ended normal warning 01:00:00",
    ],
  },
  {
    about: "a pump that runs dry is found by two metrics of one message, and by no start of it",
    rules:
      "alert: Dry, select: {}, condition: { expr: { fire: 'm.pump == true && m.flow < 0.5' } }, for: 30s",
    devices: { d: { metrics: ["pump", "flow"] } },
    script: `00:00..00:01/10s d pump=false flow=0
      00:01 d pump=true flow=0.1
      00:01:10..00:02/10s d pump=true flow=8
      00:02..00:03/10s d pump=true flow=0
      00:03..00:04/10s d pump=false flow=0`,
    right: ["Dry firing for_elapsed warning 00:02:30", "Dry ended normal warning 00:03:00"],
  },
  {
    about: "a device that says its history an hour later has its alert at the time of it",
    rules: "for: 5m",
    devices: minutely,
    tickMs: 60_000,
    script: `00:00..00:10/1m d 20
      01:00 d 40 @00:20
      01:00:01 d 40 @00:23
      01:00:02 d 40 @00:26
      01:00:03 d 20 @00:27
      01:00:10 d 20`,
    right: ["Hot firing for_elapsed warning 00:25:00", "Hot ended normal warning 00:27:00"],
  },
  {
    about: "sparse readings behind a long silence begin to count anew",
    rules: "for_samples: 3",
    devices: hourly,
    tickMs: 60_000,
    script: "00:00 d 40\n01:00 d 40\n06:00 d 40\n07:00 d 20",
    right: [],
  },
];

it.each(stories)("$about", isTold);
