import { describe, expect, it } from "vitest";
import { conventionsWith } from "../../src/describe/conventions.ts";
import { readDescription } from "./given.ts";

function brief(messages: Readonly<Record<string, string | object>>) {
  const { device, facts, presences, readings } = readDescription(messages);
  return {
    device,
    facts,
    presence: presences.map(({ topic }) => topic),
    readings: readings.map(({ name, topic, type, unit }) => [name, topic, type, unit]),
  };
}

describe("attributes of Homie", () => {
  it("are read up to version 4 from one message for each", () => {
    const base = "homie/weather-mast";
    expect(
      brief({
        [`${base}/$homie`]: "4.0.0",
        [`${base}/$name`]: "Weather mast",
        [`${base}/$nodes`]: "air,hatch",
        [`${base}/air/$properties`]: "temperature,air",
        [`${base}/air/temperature/$datatype`]: "float",
        [`${base}/air/temperature/$unit`]: "°F",
        [`${base}/air/air/$datatype`]: "percent",
        [`${base}/hatch/$properties`]: "open,unsaid",
        [`${base}/hatch/open/$datatype`]: "boolean",
      }),
    ).toEqual({
      device: "weather-mast",
      facts: { name: "Weather mast" },
      presence: [`${base}/$state`],
      readings: [
        ["air_temperature", `${base}/air/temperature`, "number", "Cel"],
        ["air", `${base}/air/air`, "number", "%"],
        ["hatch_open", `${base}/hatch/open`, "listed", undefined],
      ],
    });
  });

  it("are read since version 5 from one document", () => {
    const base = "homie/5/super-car";
    expect(
      brief({
        [`${base}/$description`]: {
          homie: "5.0",
          name: "Supercar",
          version: 7,
          nodes: {
            engine: {
              name: "Car engine",
              properties: {
                temperature: {
                  name: "Engine temperature",
                  unit: "°C",
                  datatype: "float",
                  format: "-20:120",
                },
                mode: { datatype: "enum", format: "eco,sport", settable: true },
                turns: { datatype: "integer", unit: "#" },
              },
            },
          },
        },
      }),
    ).toEqual({
      device: "=5-super-car",
      facts: { name: "Supercar", sw_version: "7" },
      presence: [`${base}/$state`],
      readings: [
        ["engine_temperature", `${base}/engine/temperature`, "number", "Cel"],
        ["engine_mode", `${base}/engine/mode`, "text", undefined],
        ["engine_turns", `${base}/engine/turns`, "number", undefined],
      ],
    });
  });

  it("are told apart from what the device says while it runs", () => {
    const [homie] = conventionsWith("homeassistant").filter(({ family }) => family === "homie");
    const isKept = (topic: string) => homie?.groupOf(topic) !== undefined && homie.isKept(topic);
    expect(homie?.groupOf("homie/mast/$state")).toBeUndefined();
    expect(homie?.groupOf("homie/mast/air/temperature")).toBeUndefined();
    expect(homie?.groupOf("homie/5/mast/$log/warn")).toBeUndefined();
    expect(homie?.groupOf("homie/mast/$stats/uptime")).toBe("homie/mast");
    expect(isKept("homie/mast/$stats/uptime")).toBe(false);
    expect(isKept("homie/mast/air/temperature/$unit")).toBe(true);
    // A device of version 4 that is called 5.
    expect(homie?.groupOf("homie/5/$homie")).toBe("homie/5");
  });
});
