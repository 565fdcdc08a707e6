/** What people complain of in other notifiers, each as a sequence with what a receiver is told. */
import { expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { Standing } from "../../src/notify/standing.ts";
import { transition } from "../support/notifying.ts";
import { TellingDesk } from "../support/telling-desk.ts";

const minuteMs = 60_000;

type Step =
  /** Transition n of the episode that began at a second; the second one is the end. */
  | readonly [
      "stored",
      instance: string,
      second: number,
      n: number,
      changes?: Partial<AlertTransition>,
    ]
  | readonly ["minutes", count: number]
  /** How people and other alerts have it from here on. */
  | readonly ["is", instance: string, standing: Partial<Standing>]
  | readonly ["edited", notify: object]
  | readonly ["killed"];

interface Report {
  readonly about: string;
  readonly notify: object;
  readonly receiver?: string;
  readonly steps: readonly Step[];
  readonly told: readonly string[];
}

const grouped = { group_by: ["alertname"], group_wait: "10s", group_interval: "2m" };
const often = { repeat_interval: "10m" };
const critical = { severity: "critical" } as const;
const explainable: Partial<AlertTransition> = {
  handling: { suppressed_by: [{ alert: "DeviceSilent", equal: ["device"] }] },
};
const toBoss = { routes: [{ match: { severity: "critical" }, receivers: ["boss"] }] };
const escalating = {
  routes: [{ receivers: ["mail"], escalate: { after: "15m", receivers: ["boss"] } }],
};
const twice = {
  routes: [
    { match: { site: "plant-a" }, receivers: ["mail"], continue: true },
    { receivers: ["mail", "boss"] },
  ],
};

const reports: readonly Report[] = [
  {
    about: "an end is told where the next episode began before the distance of the group was over",
    notify: grouped,
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 0.2],
      ["stored", "f1", 1, 2],
      ["stored", "f1", 50, 1],
      ["minutes", 3],
    ],
    told: ["f1-1.1", "f1-1.2 f1-50.1"],
  },
  {
    about: "a rise within the wait of a group is what is told",
    notify: grouped,
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 0.1],
      ["stored", "f1", 1, 3, critical],
      ["minutes", 3],
    ],
    told: ["f1-1.3"],
  },
  {
    about: "what is shelved while it waits with its group is told when it is taken back",
    notify: grouped,
    steps: [
      ["stored", "f1", 1, 1],
      ["stored", "f2", 1, 1],
      ["is", "f1", { hidden: "shelved" }],
      ["minutes", 1],
      ["is", "f1", {}],
      ["minutes", 3],
    ],
    told: ["f2-1.1", "f1-1.1"],
  },
  {
    about: "an alert that was told, shelved, and still fires when the shelf is over is told again",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["is", "f1", { hidden: "shelved" }],
      ["minutes", 2],
      ["killed"],
      ["minutes", 2],
      ["is", "f1", {}],
      ["minutes", 1],
      ["stored", "f1", 1, 2],
      ["minutes", 1],
    ],
    told: ["f1-1.1", "repeat: f1-1.1", "f1-1.2"],
  },
  {
    about: "one that comes back from maintenance while it fires is told again",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["is", "f1", { hidden: "out of service" }],
      ["minutes", 2],
      ["is", "f1", {}],
      ["minutes", 2],
    ],
    told: ["f1-1.1", "repeat: f1-1.1"],
  },
  {
    about: "one that was acknowledged before it was shelved is not",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["is", "f1", { hidden: "shelved", acked: true }],
      ["minutes", 2],
      ["is", "f1", { acked: true }],
      ["minutes", 2],
    ],
    told: ["f1-1.1"],
  },
  {
    about: "what another alert explained for a while is not told again",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["is", "f1", { hidden: "suppressed" }],
      ["minutes", 2],
      ["is", "f1", {}],
      ["minutes", 2],
    ],
    told: ["f1-1.1"],
  },
  {
    about: "what another alert explains that is stored right behind it is not told",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1, explainable],
      ["stored", "f2", 1, 1],
      ["minutes", 0.01],
      ["is", "f1", { hidden: "suppressed" }],
      ["minutes", 2],
      ["stored", "f1", 1, 2, explainable],
      ["is", "f1", {}],
      ["minutes", 1],
    ],
    told: ["f2-1.1"],
  },
  {
    about: "one that something might explain is told in order, however short it is",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1, explainable],
      ["minutes", 0.01],
      ["stored", "f1", 1, 2, explainable],
      ["minutes", 1],
      ["stored", "f1", 50, 1, explainable],
      ["killed"],
      ["minutes", 1],
    ],
    told: ["f1-1.1", "f1-1.2", "f1-50.1"],
  },
  {
    about: "an alert that is calm is told, though nothing changed since it was said to flap",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["is", "f1", { flapping: true }],
      ["stored", "f1", 1, 2],
      ["minutes", 1],
      ["killed"],
      ["minutes", 1],
      ["is", "f1", {}],
      ["minutes", 1],
    ],
    told: ["f1-1.1", "flapping: f1-1.2", "calm: f1-1.2"],
  },
  {
    about: "routes are edited while it fires: who is named now is told",
    notify: {},
    receiver: "boss",
    steps: [
      ["stored", "f1", 1, 1],
      ["stored", "f2", 1, 1],
      ["stored", "f2", 1, 2],
      ["minutes", 1],
      ["edited", { default: ["boss"] }],
      ["minutes", 1],
      ["stored", "f1", 1, 2],
      ["minutes", 1],
    ],
    told: ["f1-1.1", "f1-1.2"],
  },
  {
    about: "... and who was told before hears of the end",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["edited", { default: ["boss"] }],
      ["stored", "f1", 1, 2],
      ["minutes", 1],
    ],
    told: ["f1-1.1", "f1-1.2"],
  },
  {
    about: "a repetition that is wanted since an edit comes for what fires already",
    notify: {},
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["edited", often],
      ["minutes", 11],
    ],
    told: ["f1-1.1", "repeat: f1-1.1"],
  },
  {
    about: "a shorter one counts from when it was told last",
    notify: { repeat_interval: "4h" },
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 5],
      ["edited", often],
      ["minutes", 6],
    ],
    told: ["f1-1.1", "repeat: f1-1.1"],
  },
  {
    about: "one that is not wanted any more does not come",
    notify: often,
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["edited", {}],
      ["minutes", 11],
    ],
    told: ["f1-1.1"],
  },
  {
    about: "groups that are made otherwise lose nothing that waited",
    notify: grouped,
    steps: [
      ["stored", "f1", 1, 1],
      ["stored", "f2", 1, 1],
      ["minutes", 0.1],
      ["edited", { ...grouped, group_by: ["site"] }],
      ["minutes", 1],
    ],
    told: ["f1-1.1 f2-1.1"],
  },
  {
    about: "who is told of the severe only hears of a rise, of the fall behind it, and of the end",
    notify: toBoss,
    receiver: "boss",
    steps: [
      ["stored", "f1", 1, 1],
      ["stored", "f1", 1, 3, critical],
      ["minutes", 1],
      ["stored", "f1", 1, 4],
      ["stored", "f1", 1, 5, { state: "ended" }],
      ["minutes", 1],
    ],
    told: ["f1-1.3", "f1-1.4", "f1-1.5"],
  },
  {
    about: "... and who was told of the mild one hears of the rest as well",
    notify: toBoss,
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["stored", "f1", 1, 3, critical],
      ["stored", "f1", 1, 4, { ...critical, state: "ended" }],
      ["minutes", 1],
    ],
    told: ["f1-1.1", "f1-1.3", "f1-1.4"],
  },
  {
    about: "an alert that two routes lead to one receiver is told there once",
    notify: twice,
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
    ],
    told: ["f1-1.1"],
  },
  {
    about: "an alert that comes and goes faster than that is not escalated",
    notify: escalating,
    receiver: "boss",
    steps: Array.from({ length: 4 }, (_, turn): readonly Step[] => [
      ["stored", "f1", 1 + 600 * turn, 1],
      ["minutes", 6],
      ["stored", "f1", 1 + 600 * turn, 2],
      ["minutes", 1],
    ]).flat(),
    told: [],
  },
  {
    about: "one that is shelved over that time is escalated when it is back",
    notify: escalating,
    receiver: "boss",
    steps: [
      ["stored", "f1", 1, 1],
      ["minutes", 1],
      ["is", "f1", { hidden: "shelved" }],
      ["minutes", 15],
      ["is", "f1", {}],
      ["minutes", 1],
    ],
    told: ["escalation: f1-1.1"],
  },
];

test.each(reports)("$about", async ({ notify, receiver, steps, told }) => {
  const desk = new TellingDesk(notify);
  desk.start(receiver);
  for (const step of steps)
    switch (step[0]) {
      case "stored":
        desk.append(
          transition(step[1], step[2], step[3], {
            observed_at: new Date(desk.clock.wallMs()).toISOString(),
            ...step[4],
          }),
        );
        break;
      case "minutes":
        await desk.pass(step[1] * minuteMs);
        break;
      case "is":
        desk.standings.set(step[1], step[2]);
        break;
      case "edited":
        desk.reroute(step[1], receiver);
        break;
      case "killed":
        desk.kill(receiver);
        break;
    }
  expect(desk.said).toEqual(told);
});
