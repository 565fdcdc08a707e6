import { expect, test } from "vitest";
import { checkConfigText, configLines } from "../../../src/app/web/system/config-lines.ts";
import { readYaml } from "../../../src/config/read-yaml.ts";

const text = `site: plant-a
gateway: { id: gw1 }
backbone:
  servers: ["nats://ana:tops3cret@hub:4222"]
sources:
  - kind: mqtt-client
    url: mqtts://broker:8883
    username: plant
    password: { env: MQTT_PASSWORD }
    token: s3cret-token
notify:
  receivers:
    ops: { kind: webhook, url: "https://hooks.example.com/services/T00/B00/s3cret", headers: { x-key: s3cret } }
`;

test("every value has its origin, and no secret is in any", () => {
  const yaml = readYaml(text);
  if (!yaml.ok) throw new Error("the text is no YAML");
  const lines = configLines(yaml.value, "sluicegate.yaml", text);
  const line = (path: string) => lines.find((one) => one.path === path);
  expect(line("site")).toEqual({ path: "site", value: "plant-a", origin: "sluicegate.yaml:1" });
  expect(line("gateway.id")?.origin).toBe("sluicegate.yaml:2");
  expect(line("buffer.max_bytes")?.origin).toBe("default");
  expect(line("sources[0].password.env")?.value).toBe("MQTT_PASSWORD");
  expect(line("notify.receivers.ops.url")?.value).toBe("https://hooks.example.com/***");
  expect(JSON.stringify(lines)).not.toMatch(/s3cret/);
});

test("a file that cannot be read any more leaves the values with its name", () => {
  const lines = configLines({ site: "plant-a" }, "sluicegate.yaml", undefined);
  expect(lines.find(({ path }) => path === "site")?.origin).toBe("sluicegate.yaml");
});

test.each([
  ["gateway: { id: gw1 }\nbufer: { max_bytes: 1GiB }\n", "line 2", "buffer"],
  ["gateway: { id: gw1 }\nbuffer: { max_bytes: much }\n", "line 2", "max_bytes"],
  ["site: [\n", "line", ""],
  ["- 1\n- 2\n", "line 1", ""],
])("what does not fit is said with its line: %j", (written, place, word) => {
  const [fault] = checkConfigText(written);
  expect(fault?.place).toContain(place);
  expect(fault?.text).toContain(word);
});

test("what is right has no faults, and anything may be pasted", () => {
  expect(checkConfigText("gateway: { id: gw1 }\n")).toEqual([]);
  for (const pasted of ["", "\0", "&a [*a]", "x: !!js/function x"])
    expect(Array.isArray(checkConfigText(pasted))).toBe(true);
});

test.each([
  ["{".repeat(5_000), "levels"],
  ["- ".repeat(5_000), "levels"],
  ["? ".repeat(5_000), "levels"],
  [Array.from({ length: 200 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"), "levels"],
  ["a: 1\n".repeat(5_000), "lines"],
  ["x".repeat(100_000), "characters"],
  [Array.from({ length: 500 }, (_, at) => `- &a${at} [*a${at}]`).join("\n"), "anchors"],
])("what would take for ever to read is not read (%#)", (pasted, word) => {
  expect(checkConfigText(pasted)).toEqual([
    { place: "line 1", text: expect.stringContaining(word) },
  ]);
});
