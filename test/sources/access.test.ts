import { expect, test } from "vitest";
import { accessFault } from "../../src/sources/access.ts";

test.each(["127.0.0.1:1883", "127.8.8.8:0", "[::1]:1883", "localhost:1883"])(
  "%s may be open to everybody",
  (listen) => {
    expect(accessFault({ listen, isAsking: false })).toBeUndefined();
  },
);

test.each([
  "0.0.0.0:1883",
  "192.168.1.5:1883",
  "[::]:1883",
  "gateway.local:1883",
  "localhost.evil.example:1",
])("%s needs users", (listen) => {
  expect(accessFault({ listen, isAsking: false })).toMatchObject({ path: ["listen"] });
  expect(accessFault({ listen, isAsking: true })).toBeUndefined();
});
