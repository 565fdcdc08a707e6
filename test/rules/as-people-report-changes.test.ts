/** Rules that are edited, silence, and times of the week, as people report them of other alarm systems. */
import { it } from "vitest";
import { isTold, type Story } from "./told-story.ts";

const silent = (field: string) => `alert: Silent, select: {}, condition: { absent: { ${field} } }`;
const minute = silent("longer_than: 1m");
const threshold = (text: string) => `condition: { threshold: { ${text} } }`;
const hot = "for: 0s";
const door = { d: { interval: null, metrics: ["door"] } };
const openAt = (schedule: string) =>
  `alert: Door, select: { metric: door }, ${threshold("equals: open")}, schedule: ${schedule}`;
const started = "Hot firing for_elapsed warning 00:00:00";

const stories: readonly Story[] = [
  {
    about:
      "a silence that is no longer too long by the edited rule ends; it is again by the next one",
    rules: [minute, silent("longer_than: 10m"), minute],
    script: "00:00 d 20\n00:03 edit\n00:05 edit\n00:06 d 20",
    right: [
      "Silent firing for_elapsed warning 00:01:00",
      "Silent ended rule_changed warning 00:02:56",
      "Silent firing for_elapsed warning 00:04:56",
      "Silent ended normal warning 00:06:00",
    ],
  },
  {
    about: "a device that says it reports less often is not silent any more",
    rules: silent("intervals: 3"),
    devices: { d: { interval: "1m" } },
    script: '00:00 d 20\n00:05 d record {"interval":"10m"}\n00:20 until\n00:40 until',
    right: [
      "Silent firing for_elapsed warning 00:03:00",
      "Silent ended normal warning 00:04:56",
      "Silent firing for_elapsed warning 00:30:00",
    ],
  },
  {
    about: "a will is no sign of life, a connection is",
    rules: minute,
    script: `00:00..00:02/10s d 20
      00:02 d status offline will
      00:02:30 d status online connect
      00:05 d 20`,
    right: ["Silent firing for_elapsed warning 00:03:30", "Silent ended normal warning 00:05:00"],
  },
  {
    about: "the time a gateway was down is no silence; what is dead since is found",
    rules: silent("longer_than: 5m"),
    script: "00:00..00:02/10s d 20\n00:02 down\n00:12 up\n00:20 until",
    right: ["Silent firing for_elapsed warning 00:17:00"],
  },
  {
    about: "a value is not missing since its gateway was down: nothing fires by that",
    rules: "on_missing: fire, for: 5m",
    devices: { d: { interval: "1m" } },
    script: "00:00..00:03/1m d 20\n00:03 down\n00:30 up\n00:31..00:35/1m d 20\n00:50 until",
    right: ["Hot firing no_data warning 00:42:00"],
  },
  {
    about: "... and nothing ends, to begin again with the next value",
    rules: "on_missing: resolve",
    devices: { d: { interval: "1m" } },
    script: "00:00..00:03/1m d 40\n00:03 down\n00:30 up\n00:31..00:35/1m d 40\n00:50 until",
    right: [started, "Hot ended no_data warning 00:37:00"],
  },
  {
    about: "a device that says a word now and then is silent in between as one alert",
    rules: `${minute}, keep_firing_for: 5m`,
    script: "00:00 d 20\n00:03 d 20\n00:07 d 20\n00:07:30..00:14/10s d 20",
    right: ["Silent firing for_elapsed warning 00:01:00", "Silent ended normal warning 00:12:00"],
  },
  {
    about: "a longer `for` while it pends counts what there was",
    rules: ["for: 1m", "for: 5m"],
    script: "00:00..00:06/10s d 40\n00:00:35 edit",
    right: ["Hot firing for_elapsed warning 00:05:00"],
  },
  {
    about: "a `keep_firing_for` that is taken out while it is kept ends it",
    rules: ["keep_firing_for: 10m", hot],
    devices: { d: { interval: "1m" } },
    script: "00:00 d 40\n00:01..00:09/1m d 20\n00:05:05 edit",
    right: [started, "Hot ended normal warning 00:05:01"],
  },
  {
    about: "a value counts again where it counts for longer since the edit",
    rules: ["hold: 1m, on_missing: resolve", "hold: 1h, on_missing: resolve"],
    script: "00:00 d 40\n00:05 edit\n00:07 d 20",
    right: [
      started,
      "Hot ended no_data warning 00:01:00",
      "Hot firing for_elapsed warning 00:04:56",
      "Hot ended normal warning 00:07:00",
    ],
  },
  {
    about: "a level that is taken out while it is on leaves the milder one",
    rules: [
      threshold("levels: [{ severity: info, above: 30 }, { severity: critical, above: 38 }]"),
      hot,
    ],
    script: "00:00..00:04/10s d 40\n00:02:05 edit\n00:04 d 20",
    right: [
      "Hot firing for_elapsed critical 00:00:00",
      "Hot firing level warning 00:02:01",
      "Hot ended normal warning 00:04:00",
    ],
  },
  {
    about: "a level that is put over what fires is on at once",
    rules: [
      hot,
      threshold("levels: [{ severity: info, above: 30 }, { severity: critical, above: 38 }]"),
    ],
    script: "00:00..00:03/10s d 40\n00:02:05 edit",
    right: [started, "Hot firing level critical 00:02:01"],
  },
  {
    about: "a limit that is turned around ends what fired by the edit",
    rules: [hot, threshold("below: 30")],
    script: "00:00..00:03/10s d 40\n00:02:05 edit\n00:03 d 20",
    right: [
      started,
      "Hot ended rule_changed warning 00:02:01",
      "Hot firing for_elapsed warning 00:03:00",
    ],
  },
  {
    about: "an expression that asks for another metric as well is judged with what that was last",
    rules: [
      "alert: Both, select: {}, condition: { expr: { fire: 'm.a > 5.0' } }",
      "alert: Both, select: {}, condition: { expr: { fire: 'm.a > 5.0 && m.b > 1.0' } }",
    ],
    devices: { d: { metrics: ["a", "b"] } },
    script: "00:00..00:02/10s d a=9 b=0\n00:01:05 edit",
    right: ["Both firing for_elapsed warning 00:00:00", "Both ended rule_changed warning 00:01:01"],
  },
  {
    about: "a device that is not selected any more, and is again",
    rules: [
      "select: { device: d, metric: temperature }",
      "select: { device: 'e*', metric: temperature }",
      hot,
    ],
    script: "00:00..00:05/10s d 40\n00:02:05 edit\n00:04:05 edit",
    right: [
      started,
      "Hot ended rule_removed warning 00:02:05",
      "Hot firing for_elapsed warning 00:04:01",
    ],
  },
  {
    about: "a flat line is as long as it was, by whatever length the edited rule asks for",
    rules: ["10m", "1h", "10m"].map((over) => `condition: { stuck: { longer_than: ${over} } }`),
    devices: { d: { interval: "1m" } },
    script: "00:00..00:25/1m d 20\n00:15:30 edit\n00:20:30 edit\n00:25 d 21",
    right: [
      "Hot firing for_elapsed warning 00:10:00",
      "Hot ended rule_changed warning 00:15:26",
      "Hot firing for_elapsed warning 00:20:26",
      "Hot ended normal warning 00:25:00",
    ],
  },
  {
    about: "what is usual is not forgotten by an edit of how unusual a value must be",
    rules: [4, 90, 4].map((limit) => `condition: { anomaly: { method: hampel, limit: ${limit} } }`),
    devices: { d: { interval: "1m" } },
    script: `00:00..00:30/2m d 20
      00:01..00:30/2m d 20.2
      00:30..00:36/1m d 26
      00:32:30 edit
      00:34:30 edit
      00:36 d 20`,
    right: [
      "Hot firing for_elapsed warning 00:30:00",
      "Hot ended rule_changed warning 00:32:26",
      "Hot firing for_elapsed warning 00:34:26",
      "Hot ended normal warning 00:36:00",
    ],
  },
  {
    about: "a metric that is not in the list any more has no alert any more",
    rules: ["t1, t2", "t1"].map((metrics) => `per: metric, select: { metric: [${metrics}] }`),
    devices: { d: { metrics: ["t1", "t2"] } },
    script: "00:00..00:02/10s d t1=40 t2=41\n00:01:05 edit",
    right: [
      "Hot t1 firing for_elapsed warning 00:00:00",
      "Hot t2 firing for_elapsed warning 00:00:00",
      "Hot t2 ended rule_removed warning 00:01:05",
    ],
  },
  {
    about: "an alert of each metric that becomes one of the device is another alert",
    rules: ["per: metric", hot],
    script: "00:00..00:02/10s d 40\n00:01:05 edit\n00:02 d 20",
    right: [
      started,
      "Hot ended rule_removed warning 00:01:01",
      "Hot firing for_elapsed warning 00:01:01",
      "Hot ended normal warning 00:02:00",
    ],
  },
  {
    about: "a gateway of which nothing was heard for long enough by the rule as it was",
    rules: ["1m", "10m"].map((over) => `per: gateway, ${silent(`longer_than: ${over}`)}`),
    devices: { a: {}, b: {} },
    script: "00:00 a 1\n00:00 b 1\n00:03 edit\n00:12 a 1",
    right: [
      "Silent firing for_elapsed warning 00:01:00",
      "Silent ended rule_changed warning 00:02:56",
      "Silent firing for_elapsed warning 00:10:00",
      "Silent ended normal warning 00:12:00",
    ],
  },
  {
    about: "an alert of each device that becomes one of the gateway is another alert",
    rules: ["", "per: gateway, "].map(
      (per) => `${per}condition: { window: { agg: avg, over: 5m, above: 30 } }`,
    ),
    devices: { d: { interval: "1m" } },
    script: "00:00..00:15/1m d 40\n00:05:05 edit",
    right: [
      "Hot firing for_elapsed warning 00:02:30",
      "Hot ended rule_removed warning 00:05:05",
      "Hot firing for_elapsed warning 00:08:30",
    ],
  },
  {
    about: "missing is a breach since the edit: what is missing already fires",
    rules: ["on_missing: keep", "on_missing: fire"],
    script: "00:00 d 20\n00:02 edit\n00:04 d 20",
    right: ["Hot firing no_data warning 00:00:30", "Hot ended normal warning 00:04:00"],
  },
  {
    about: "a night that begins on one day and ends on the next",
    rules: openAt("{ hours: ['22:00-06:00'] }"),
    devices: door,
    tickMs: 60_000,
    script: "20:00 d door=open\n23:00 d door=closed\n1T05:00 d door=open\n1T07:00 d door=closed",
    right: [
      "Door door firing for_elapsed warning 22:00:00",
      "Door door ended normal warning 23:00:00",
      "Door door firing for_elapsed warning 1T05:00:00",
      "Door door ended schedule warning 1T06:00:00",
    ],
  },
  {
    about:
      "times that are edited while it fires end it where they end now, and begin it where they begin",
    rules: [
      openAt("{ hours: ['08:00-18:00'] }"),
      openAt("{ hours: ['08:00-12:00'] }"),
      openAt("{ hours: ['12:00-20:00'] }"),
    ],
    devices: door,
    script: "09:00 d door=open\n10:00 edit\n13:00 edit\n21:00 until",
    right: [
      "Door door firing for_elapsed warning 09:00:00",
      "Door door ended schedule warning 12:00:00",
      "Door door firing for_elapsed warning 12:59:56",
      "Door door ended schedule warning 20:00:00",
    ],
  },
  {
    about: "a dead device ends its alert with the times of it",
    rules: "schedule: { hours: ['06:00-18:00'] }",
    devices: { d: { interval: "1m" } },
    tickMs: 60_000,
    script: "17:00..17:40/1m d 45\n20:00 until",
    right: ["Hot firing for_elapsed warning 17:00:00", "Hot ended schedule warning 18:00:00"],
  },
];

it.each(stories)("$about", isTold);
