import { describe, expect, it } from "vitest";
import { withoutUsers, withPassword, withUsers } from "../../src/app/change-users.ts";

const file = `# devices of hall 3
- user: ana   # the first
  password_hash: $7$101$AAAA$BBBB
  publish: ["a/#"]

# pumps
- { user: bob, password_hash: "$7$101$CCCC$DDDD" }
- user: eve
  subscribe:
    - b/#
# the end
`;

describe("a users file that people keep by hand", () => {
  it("gets an entry at its end, and keeps what stands there", () => {
    expect(withUsers(file, [{ user: "new one", publish: ["c/%c"] }])).toBe(
      `${file}- user: "new one"\n  publish: ["c/%c"]\n`,
    );
    expect(withUsers("", [{ user: "a" }])).toBe("- user: a\n");
    expect(withUsers("# none yet\n[]\n", [{ user: "a" }])).toBe("# none yet\n- user: a\n");
  });

  it("loses the entries that are named and nothing else, and stays a list without any", () => {
    expect(withoutUsers(file, new Set(["bob"]))).toBe(file.replace(/- \{ user: bob.*\n/, ""));
    expect(withoutUsers(file, new Set(["eve", "ana"]))).toBe(`# devices of hall 3

# pumps
- { user: bob, password_hash: "$7$101$CCCC$DDDD" }
# the end
`);
    expect(withoutUsers("- user: a\n", new Set(["a"]))).toBe("[]\n");
  });

  it("gets another password in its place, in either way to write it", () => {
    expect(withPassword(file, "ana", "$7$9$x$y")).toBe(
      file.replace("$7$101$AAAA$BBBB", "$$7$$9$$x$$y"),
    );
    expect(withPassword(file, "bob", "$7$9$x+$y=")).toContain(
      '- { user: bob, password_hash: "$7$9$x+$y=" }',
    );
    expect(withPassword(file, "eve", "$7$9$x$y")).toContain(
      "- password_hash: $7$9$x$y\n  user: eve\n",
    );
  });

  it.each([
    ["a list on one line", "[{ user: ana }, { user: bob }]\n"],
    ["two of one name by an anchor", "- &a { user: ana }\n- <<: *a\n"],
    ["no list", "user: ana\n"],
    ["no YAML", "- [\n"],
  ])("is left to people where it is %s", (_, text) => {
    expect(withoutUsers(text, new Set(["ana"]))).toBeUndefined();
    expect(withPassword(text, "bob", "x")).toBeUndefined();
  });
});
