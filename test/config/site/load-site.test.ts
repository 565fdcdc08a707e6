import { describe, expect, it } from "vitest";
import { compareFaults } from "../../../src/config/located-fault.ts";
import { printFaults } from "../../../src/config/print-faults.ts";
import { type LoadResult, loadSite } from "../../../src/config/site/load-site.ts";
import { freezerProfile, freezerRules, memorySite, siteText } from "../../support/memory-site.ts";

/** `file:line:column severity code hint`, in the order of places. */
function linesOf({ faults }: LoadResult): string[] {
  return faults.toSorted(compareFaults).map(({ code, file, hint, place, severity = "error" }) => {
    const position = place ? `${file}:${place.line}:${place.column}` : file;
    return `${position} ${severity} ${code} ${hint ?? "-"}`;
  });
}

async function check(
  changes: Readonly<Record<string, string | Uint8Array | undefined>>,
): Promise<string[]> {
  return linesOf(await loadSite("sluicegate.yaml", memorySite(changes)));
}

const user =
  "password_hash: $7$101$DoIhrYzhFbJSPIKO$OFnzSPIZ7Ed7zRWf+9Ai5fFxq2RZ1WaIY3sJwgXQ5pVrcCqKzSmDpY8hK1HZsXUa0qVfUeM3QIgzZHb0YiIrsQ==";

describe("loadSite", () => {
  it("finds nothing wrong with a site in which nothing is wrong", async () => {
    const result = await loadSite("sluicegate.yaml", memorySite());
    expect(linesOf(result)).toEqual([]);
    expect(result).toMatchObject({
      ok: true,
      fileCount: 3,
      site: {
        config: { site: "plant-a", gateway: { id: "gw1", data: "data" } },
        rules: { groups: [{ name: "cold", rules: [{ alert: "Warm" }] }] },
      },
    });
    if (!result.ok) return;
    expect(result.site.catalog.configuredDevices()).toMatchObject([{ device: "freezer-07" }]);
  });

  it("needs nothing but the name of the machine", async () => {
    const result = await loadSite(
      "sluicegate.yaml",
      memorySite({ "sluicegate.yaml": "gateway: { id: gw1 }\n", "rules/cold.yaml": undefined }),
    );
    expect(linesOf(result)).toEqual([]);
    expect(result).toMatchObject({ site: { config: { sources: [{ listen: "127.0.0.1:1883" }] } } });
  });

  it("gives what opens each source", async () => {
    const text = `${siteText}sources:\n  - kind: mqtt-broker\n  - { kind: mqtt-broker, listen: "0.0.0.0:1884", users: { file: u.yaml } }\n`;
    const users = `- user: f7\n  ${user}\n  publish: ["f7/#"]\n`;
    const result = await loadSite(
      "/etc/sg/sluicegate.yaml",
      memorySite({
        "/etc/sg/sluicegate.yaml": text,
        "/etc/sg/u.yaml": users,
        "/etc/sg/rules/cold.yaml": freezerRules,
      }),
    );
    expect(linesOf(result)).toEqual([]);
    if (!result.ok) return;
    expect(result.site.sources).toHaveLength(2);
    expect(result.site).toMatchObject({ folder: "/etc/sg", rules: { groups: [{ name: "cold" }] } });
  });

  it("prefers a site's own profile to a shipped one of the same name", async () => {
    const own = freezerProfile.replace("version: 1", "version: 7");
    const result = await loadSite(
      "sluicegate.yaml",
      memorySite({
        "sluicegate.yaml": `${siteText}profiles: { folders: [own] }\n`,
        "own/acme/fz-200.yaml": own,
      }),
    );
    if (!result.ok) throw new Error(linesOf(result).join("\n"));
    expect(result.site.catalog.configuredDevices()).toMatchObject([{ profile: "acme/fz-200@7" }]);
  });

  it("lists the faults of all files at once", async () => {
    const lines = await check({
      "sluicegate.yaml": `${siteText.replace("site:", "sit:")}buffer: { max_bytes: lots }\n`,
      "rules/cold.yaml": freezerRules.replace("10m", "10 minutes"),
      "rules/more.yaml": "version: 1\ngroups: [\n",
      "/shipped/acme/fz-200.yaml": freezerProfile.replace("unit: Cel", "unit: C°"),
    });
    expect(lines.map((line) => line.split(" ", 3).join(" "))).toEqual([
      "/shipped/acme/fz-200.yaml:7:41 error profile.bad-value",
      "rules/cold.yaml:8:14 error rule.bad-duration",
      "rules/more.yaml:3:1 error yaml.syntax",
      "sluicegate.yaml:1:1 error config.unknown-field",
      "sluicegate.yaml:5:22 error config.bad-value",
    ]);
  });

  it("reports a users file once that two sources share", async () => {
    const source = "  - { kind: mqtt-broker, users: { file: u.yaml } }\n";
    const lines = await check({
      "sluicegate.yaml": `${siteText}sources:\n${source}${source}`,
      "u.yaml": "- user: a\n",
    });
    expect(lines).toEqual(["u.yaml:1:3 error users.missing-field -"]);
  });

  it("does not call a profile missing that is only broken", async () => {
    const lines = await check({ "/shipped/acme/fz-200.yaml": "profile: acme/fz-200\n" });
    expect(lines.filter((line) => line.includes("unknown-profile"))).toEqual([]);
    expect(lines).not.toEqual([]);
  });

  it("warns of secrets that are not there, and of nothing when they are", async () => {
    const text = `${siteText}backbone: { credentials: { file: gw.creds } }
notify:
  receivers:
    w: { kind: webhook, url: "http://h", secret: { env: HOOK } }
  default: [w]
trace: { otlp: { url: "http://h/v1/traces", headers: { x-key: { env: HOOK } } } }
`;
    const missing = await loadSite("sluicegate.yaml", memorySite({ "sluicegate.yaml": text }));
    expect(linesOf(missing)).toEqual([
      "sluicegate.yaml:5:34 warning config.secret-missing -",
      "sluicegate.yaml:8:50 warning config.secret-missing -",
      "sluicegate.yaml:10:63 warning config.secret-missing -",
    ]);
    expect(missing.ok).toBe(true);
    const there = memorySite({ "sluicegate.yaml": text, "gw.creds": "hunter2\n" }, { HOOK: "x" });
    const result = await loadSite("sluicegate.yaml", there);
    expect(linesOf(result)).toEqual([]);
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });

  it("warns of keys of the buffer that are not there, are no keys, or are open to all, at their place", async () => {
    const text = `${siteText}buffer:
  encryption:
    key: { file: now.key }
    former_keys: [{ file: old.key }, { env: OLDER_KEY }]
`;
    const key = "00112233445566778899aabbccddeeff".repeat(2);
    const loaded = (files: Record<string, string>, older: string, openToAll?: string) =>
      loadSite("sluicegate.yaml", {
        ...memorySite({ "sluicegate.yaml": text, ...files }, { OLDER_KEY: older }),
        isOpenToAll: async (path) => path === openToAll,
      });
    const bad = await loaded({ "old.key": "correct horse battery" }, "00".repeat(32));
    expect(linesOf(bad)).toEqual([
      "sluicegate.yaml:7:10 warning config.secret-missing -",
      "sluicegate.yaml:8:19 warning config.bad-key openssl rand -hex 32 prints one",
      "sluicegate.yaml:8:38 warning config.bad-key openssl rand -hex 32 prints one",
    ]);
    expect(bad.ok).toBe(true);
    expect(JSON.stringify(bad.faults)).not.toMatch(/horse|0000/);
    const open = await loaded({ "now.key": `${key}\n`, "old.key": key }, key, "now.key");
    expect(linesOf(open)).toEqual([
      "sluicegate.yaml:7:10 warning config.secret-open chmod o-rwx now.key",
    ]);
  });

  it("warns of certificates for the backbone that are of no use, and runs without them", async () => {
    const text = `${siteText}backbone: { tls: { ca: ca.crt, cert: gw.crt, key: gw.key } }\n`;
    const result = await loadSite(
      "sluicegate.yaml",
      memorySite({ "sluicegate.yaml": text, "ca.crt": "no certificate" }),
    );
    expect(linesOf(result)).toEqual([
      expect.stringMatching(/^sluicegate.yaml:5:\d+ warning config.bad-certificate /),
      expect.stringMatching(/^sluicegate.yaml:5:\d+ warning config.unreadable /),
      expect.stringMatching(/^sluicegate.yaml:5:\d+ warning config.unreadable /),
    ]);
    expect(result.ok).toBe(true);
    const half = `${siteText}backbone: { tls: { cert: gw.crt } }\n`;
    const refused = await loadSite("sluicegate.yaml", memorySite({ "sluicegate.yaml": half }));
    expect(refused.ok).toBe(false);
    expect(JSON.stringify(refused.faults)).toContain("write both, cert and key");
  });
});

describe("loadSite looks on behind", () => {
  it("a configuration that breaks off, into the files that it names", async () => {
    const lines = await check({
      "sluicegate.yaml": `${siteText}rules: { files: [more/*.yaml] }\nbuffer: [\n`,
      "more/a.yaml": freezerRules.replace("10m", "soon"),
    });
    expect(lines.map((line) => line.split(" ", 3).join(" "))).toEqual([
      "more/a.yaml:8:14 error rule.bad-duration",
      "sluicegate.yaml:7:1 error yaml.syntax",
    ]);
  });

  it("a field that is given twice, and names it whole", async () => {
    const { faults } = await loadSite(
      "sluicegate.yaml",
      memorySite({
        "sluicegate.yaml": `${siteText.replace("acme/fz-200 }", "acme/fz-200, id: f8 }")}bufer: {}\n`,
      }),
    );
    expect(faults.map(({ message }) => message).sort()).toEqual([
      'field "devices[0].id" is given twice',
      'unknown field "bufer"',
    ]);
  });

  it("a source with a bad address, into its users file", async () => {
    const lines = await check({
      "sluicegate.yaml": `${siteText}sources:\n  - { kind: mqtt-broker, listen: x, users: { file: u.yaml } }\n`,
      "u.yaml": "- user: a\n",
    });
    expect(lines).toEqual([
      expect.stringMatching(/^sluicegate.yaml:6:34 error config.bad-value/),
      "u.yaml:1:3 error users.missing-field -",
    ]);
  });

  it("a receiver with a bad address, to names of receivers and secrets", async () => {
    const receivers = "w: { kind: webhook, url: nowhere, secret: { env: HOOK } }";
    const lines = await check({
      "sluicegate.yaml": `${siteText}notify:\n  receivers: { ${receivers} }\n  default: [v]\n`,
    });
    expect(lines.map((line) => line.split(" ")[2])).toEqual([
      "config.bad-value",
      "config.secret-missing",
      "config.unknown-receiver",
    ]);
  });

  it("a byte that is not UTF-8, in any file", async () => {
    const latin = (text: string) => Buffer.from(text, "latin1");
    const lines = await check({
      "sluicegate.yaml": latin(
        `${siteText}# Köln\nsources: [{ kind: mqtt-broker, users: { file: u.yaml } }]\n`,
      ),
      "rules/cold.yaml": latin(freezerRules.replace("Warm", "Wärme")),
      "u.yaml": latin("- user: jörg\n"),
      "/shipped/acme/fz-200.yaml": latin(freezerProfile.replace("A freezer", "Kühlschrank")),
    });
    expect(lines).toEqual([
      "/shipped/acme/fz-200.yaml:3:9 error config.not-utf8 save the file as UTF-8",
      "rules/cold.yaml:5:17 error config.not-utf8 save the file as UTF-8",
      "sluicegate.yaml:5:4 error config.not-utf8 save the file as UTF-8",
      "u.yaml:1:10 error config.not-utf8 save the file as UTF-8",
    ]);
  });
});

describe("loadSite shows no secret", () => {
  const source = "sources:\n  - { kind: mqtt-broker, users: { file: u.yaml } }\n";
  it.each([
    "joe:$7$101$hunter2$hunter2\nann:hunter2\n",
    "- joe:hunter2\n",
    "- joe: hunter2\n",
    "- { user: joe, pasword: hunter2 }\n",
    "- { user: joe, password_hash: hunter2 }\n",
    "- user: joe\n  password_hash:\n    hunter2\n",
    "- { user: joe, password_hash: *hunter2 }\n",
    '- { user: joe, password_hash: "hunter2\\q" }\n',
    "- { user: joe, hunter2: 1, hunter2: 2\n",
  ])("of a users file that says %j", async (users) => {
    const { faults, ok } = await loadSite(
      "sluicegate.yaml",
      memorySite({ "sluicegate.yaml": siteText + source, "u.yaml": users }),
    );
    expect(ok).toBe(false);
    for (const format of ["text", "json", "github"] as const)
      expect(printFaults(faults, 3, format)).not.toContain("hunter2");
  });

  it.each([
    'backbone: { servers: ["nats://joe:hunter2@h"] }\n',
    'backbone: { servers: ["joe:hunter2@h"] }\n',
    "backbone: { credentials: hunter2 }\n",
    'notify: { receivers: { w: { kind: webhook, url: "htp://joe:hunter2@h" } } }\n',
    'notify: { receivers: { w: { kind: webhook, url: "http://h", secret: hunter2 } } }\n',
    'notify: { receivers: { w: { kind: webhook, url: "http://h", secret: { env: hunter2 } } } }\n',
    'notify:\n  receivers:\n    w:\n      kind: webhook\n      url: "http://h"\n      secret:\n        hunter2\n',
    "password: hunter2\n",
    "backbone: { password: hunter2, servers: 5 }\n",
  ])("of a configuration that says %j", async (more) => {
    const { faults } = await loadSite(
      "sluicegate.yaml",
      memorySite({ "sluicegate.yaml": siteText + more }),
    );
    expect(faults).not.toEqual([]);
    for (const format of ["text", "json", "github"] as const)
      expect(printFaults(faults, 3, format)).not.toContain("hunter2");
  });
});

describe("loadSite names the place, the code and what to write for", () => {
  const broken: readonly (readonly [
    string,
    Readonly<Record<string, string | undefined>>,
    string,
  ])[] = [
    [
      "a configuration that is not there",
      { "sluicegate.yaml": undefined },
      "sluicegate.yaml error config.unreadable -",
    ],
    [
      "an empty configuration",
      { "sluicegate.yaml": "" },
      "sluicegate.yaml:1:1 error config.missing-field name this machine, unique over all sites: gateway: { id: gw1 }",
    ],
    [
      "tabs",
      { "sluicegate.yaml": "gateway:\n\tid: gw1\n" },
      "sluicegate.yaml:2:1 error yaml.syntax indent with spaces",
    ],
    [
      "a field that is given twice",
      { "sluicegate.yaml": `${siteText}site: plant-b\n` },
      "sluicegate.yaml:5:1 error yaml.duplicate-key keep one of them; the first is in line 1",
    ],
    [
      "a list that is no configuration",
      { "sluicegate.yaml": "- site: plant-a\n" },
      "sluicegate.yaml:1:1 error config.wrong-type its fields: site, gateway, sources, devices, profiles, time, rejections, buffer, backbone, rules, plans, processor, alerts, notify, historian, bridge, trace, console, status, log",
    ],
    [
      "a misspelled section",
      { "sluicegate.yaml": `${siteText}bufer: {}\n` },
      "sluicegate.yaml:5:1 error config.unknown-field did you mean buffer?",
    ],
    [
      "a misspelled field",
      { "sluicegate.yaml": `${siteText}buffer:\n  on_ful: refuse\n` },
      "sluicegate.yaml:6:3 error config.unknown-field did you mean on_full?",
    ],
    [
      "a misspelled choice",
      { "sluicegate.yaml": `${siteText}buffer:\n  on_full: drop_oldst\n` },
      "sluicegate.yaml:6:12 error config.unknown-value did you mean drop_oldest?",
    ],
    [
      "a duration without a unit",
      { "sluicegate.yaml": `${siteText}time: { max_skew: "300" }\n` },
      "sluicegate.yaml:5:19 error config.bad-value write 300s or 300m",
    ],
    [
      "a number where a duration belongs",
      { "sluicegate.yaml": `${siteText}time: { catch_up: 10 }\n` },
      "sluicegate.yaml:5:19 error config.wrong-type write 10s",
    ],
    [
      "a number where the duration of a rule belongs",
      { "rules/cold.yaml": freezerRules.replace("10m", "5") },
      "rules/cold.yaml:8:14 error rule.wrong-type write 5m or 5s",
    ],
    [
      "a unit with the sign for micro",
      { "/shipped/acme/fz-200.yaml": freezerProfile.replace("Cel", "µg/m3") },
      "/shipped/acme/fz-200.yaml:7:41 error profile.bad-value did you mean ug/m3?",
    ],
    [
      "a size out of range",
      { "sluicegate.yaml": `${siteText}buffer: { max_bytes: 1KiB }\n` },
      "sluicegate.yaml:5:22 error config.bad-value -",
    ],
    [
      "a number out of range",
      { "sluicegate.yaml": `${siteText}backbone: { window: 5000 }\n` },
      "sluicegate.yaml:5:21 error config.out-of-range -",
    ],
    [
      "a number in quotes",
      { "sluicegate.yaml": `${siteText}backbone:\n  replicas: "3"\n` },
      "sluicegate.yaml:6:13 error config.wrong-type write 3, without quotes",
    ],
    [
      "a kind of source that nobody knows",
      { "sluicegate.yaml": `${siteText}sources:\n  - kind: mqtt-brokr\n` },
      "sluicegate.yaml:6:11 error config.unknown-value did you mean mqtt-broker?",
    ],
    [
      "a broker without users on the network",
      {
        "sluicegate.yaml": `${siteText}sources:\n  - kind: mqtt-broker\n    listen: 0.0.0.0:1883\n`,
      },
      "sluicegate.yaml:7:13 error config.anonymous-source listen on 127.0.0.1, or name a users file: users: { file: devices.yaml }",
    ],
    [
      "a users file that is not there",
      {
        "sluicegate.yaml": `${siteText}sources:\n  - { kind: mqtt-broker, users: { file: u.yaml } }\n`,
      },
      "sluicegate.yaml:6:41 error config.unreadable the first of them is made by: sluicegate users add NAME",
    ],
    [
      "a user without a password",
      {
        "sluicegate.yaml": `${siteText}sources:\n  - { kind: mqtt-broker, users: { file: u.yaml } }\n`,
        "u.yaml": `- user: a\n  ${user}\n- user: b\n`,
      },
      "u.yaml:3:3 error users.missing-field -",
    ],
    [
      "a device of a profile that is not there",
      { "sluicegate.yaml": siteText.replace("fz-200", "fz-20") },
      "sluicegate.yaml:4:32 error config.unknown-profile did you mean acme/fz-200? (profiles of your own are read from profiles.folders)",
    ],
    [
      "two devices of one name, behind one that is wrong",
      {
        "sluicegate.yaml":
          siteText.replace("devices:\n", "devices:\n  - { id: 7, profile: acme/fz-200 }\n") +
          "  - { id: freezer-07, profile: acme/fz-200 }\n",
      },
      'sluicegate.yaml:4:11 error config.wrong-type put it in quotes: "7"\n' +
        "sluicegate.yaml:6:11 error config.repeated-device give every device an id of its own",
    ],
    [
      "a port alone where an address belongs",
      { "sluicegate.yaml": `${siteText}sources: [{ kind: mqtt-broker, listen: 1883 }]\n` },
      "sluicegate.yaml:5:40 error config.wrong-type write 127.0.0.1:1883",
    ],
    [
      "a receiver that is not there",
      {
        "sluicegate.yaml": `${siteText}notify:\n  receivers: { duty: { kind: log } }\n  default: [dutty]\n`,
      },
      "sluicegate.yaml:7:13 error config.unknown-receiver did you mean duty?",
    ],
    [
      "a route for a severity that is none",
      {
        "sluicegate.yaml": `${siteText}notify:\n  receivers: { duty: { kind: log } }\n  routes: [{ match: { severity: ["*", critcal] } }]\n`,
      },
      "sluicegate.yaml:7:39 warning config.unknown-severity did you mean critical?",
    ],
    [
      "a secret where a reference belongs",
      {
        "sluicegate.yaml": `${siteText}notify:\n  receivers: { log: { kind: webhook, url: "http://h", secret: hunter2 } }\n`,
      },
      "sluicegate.yaml:6:63 error config.wrong-type its fields: env, file, credential",
    ],
    [
      "a rule file that is not there",
      { "sluicegate.yaml": `${siteText}rules: { files: [rules/cold.yaml, rules/hot.yaml] }\n` },
      "sluicegate.yaml:5:35 error config.unreadable -",
    ],
    [
      "a pattern that no rule file fits",
      { "sluicegate.yaml": `${siteText}rules: { files: ["alerts/*.yaml"] }\n` },
      "sluicegate.yaml:5:18 warning config.no-rule-files -",
    ],
    [
      "a folder of profiles that is not there",
      { "sluicegate.yaml": `${siteText}profiles: { folders: [own] }\n` },
      "sluicegate.yaml:5:23 error config.unreadable make it: mkdir -p own",
    ],
    [
      "a limit by an attribute without one for devices that have none",
      { "rules/cold.yaml": freezerRules.replace("above: -15", "above: { attr: limits.high }") },
      "rules/cold.yaml:7:42 error rule.missing-field write the limit of devices that have no such attribute",
    ],
    [
      "a misspelled field of a rule",
      { "rules/cold.yaml": `${freezerRules}        keep_fireing_for: 5m\n` },
      "rules/cold.yaml:10:9 error rule.unknown-field did you mean keep_firing_for?",
    ],
    [
      "a rule about a profile that is not there",
      { "rules/cold.yaml": freezerRules.replace("acme/fz-200", "[acme/*, acm/fz-200]") },
      "rules/cold.yaml:6:37 error rule.unknown-profile did you mean acme/fz-200?",
    ],
    [
      "a group that is in two files",
      { "rules/cool.yaml": freezerRules },
      "rules/cool.yaml:3:11 error rule.repeated-group give every group a name of its own",
    ],
    [
      "a profile that fails its own example",
      {
        "/shipped/acme/fz-200.yaml": freezerProfile.replace(
          "temperature: -18 }",
          "temperature: 3 }",
        ),
      },
      "/shipped/acme/fz-200.yaml:11:51 error profile.failed-example -",
    ],
    [
      "a profile in the file of another",
      { "/shipped/acme/fz-300.yaml": freezerProfile },
      "/shipped/acme/fz-300.yaml:1:10 error profile.misplaced move it to acme/fz-200.yaml",
    ],
  ];

  it.each(broken)("%s", async (_, changes, expected) => {
    expect((await check(changes)).join("\n")).toBe(expected);
  });
});
