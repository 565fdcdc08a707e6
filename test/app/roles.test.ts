import { expect, test } from "vitest";
import { roleNames, roles } from "../../src/app/roles.ts";

test("every role of the table can be opened, and has a name that a socket can carry", async () => {
  expect(roleNames).toEqual(Object.keys(roles));
  for (const name of roleNames) {
    expect(await roles[name]()).toBeTypeOf("function");
    expect(name).toMatch(/^[a-z]{1,16}$/);
  }
});
