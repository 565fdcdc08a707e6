import { expect, test } from "vitest";
import { shortText, wholeText } from "../../src/console/screens/device/event-text.ts";

test("measurements are said with the signs of their units, and anything else as it is stored", () => {
  const measured = [
    { name: "temperature", value: -11.4, unit: "Cel", quality: "good" },
    { name: "door", value: false, quality: "good" },
  ];
  expect(shortText(measured)).toBe("temperature -11.4 °C, door false");
  expect(shortText({ state: "sent" })).toBe('{"state":"sent"}');
  expect(shortText([1, null])).toBe("[1,null]");
  expect(shortText(undefined)).toBe("");
});

test("a line of an event is short however long the event is, and the whole of it has a line each", () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ name: `m${index}`, value: index }));
  expect(shortText(many)).toHaveLength(201);
  expect(wholeText(many).split("\n")).toHaveLength(1_000);
  expect(wholeText([])).toBe("[]");
});
