import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { carriedRights } from "../../../src/sources/mqtt-broker/carried-rights.ts";
import { readAclFile, readPasswordFile } from "../../../src/sources/mqtt-broker/mosquitto-files.ts";
import { parsePasswordHash, verifyPassword } from "../../../src/sources/mqtt-broker/password.ts";

const salt = Buffer.from("0123456789ab");
const sha512 = createHash("sha512").update("secret").update(salt).digest("base64");
const old = `$6$${salt.toString("base64")}$${sha512}`;
const usual = `$7$101$${salt.toString("base64")}$${Buffer.alloc(64, 1).toString("base64")}`;

describe("a password file of Mosquitto", () => {
  it("has a user on each line, and says of others why not", () => {
    const text = `# comment\r\n\r\nana:${usual}\r\nbob:${old}\nplain:secret\nana:${usual}\nargon:$argon2id$v=19$x\n:x\nnothing\n`;
    const { notes, passwords } = readPasswordFile(text);
    expect(passwords.map(({ isWeak, user }) => [user, isWeak])).toEqual([
      ["ana", false],
      ["bob", true],
    ]);
    expect(notes.map(({ line }) => line)).toEqual([5, 6, 7, 8, 9]);
    expect(JSON.stringify(notes)).not.toContain("secret");
  });

  it("may begin with the mark of an editor, which is no part of a name", () => {
    const { passwords } = readPasswordFile(`\ufeffana:${usual}\r\n`);
    expect(passwords.map(({ user }) => user)).toEqual(["ana"]);
    expect(readAclFile("\ufeffuser ana\ntopic a/#\n")).toMatchObject({ notes: [] });
  });

  it("has passwords of before 2.0 that let in, too", async () => {
    const hash = parsePasswordHash(old);
    if (!hash) throw new Error("is none");
    expect(await verifyPassword(Buffer.from("secret"), hash)).toBe(true);
    expect(await verifyPassword(Buffer.from("secreT"), hash)).toBe(false);
  });
});

describe("an ACL file of Mosquitto", () => {
  const rightsIn = (text: string, user = "ana") => carriedRights(user, readAclFile(text));

  it("makes no placeholder of a name that looks like one", () => {
    expect(rightsIn("pattern d/%u/#", "%c").publish).toEqual(["d/%u/#"]);
  });

  it("gives its users what their lines and the patterns of all say", () => {
    const text = `topic read everybody/#
user ana
topic a/both
topic read a/in
topic write with space/out
user bob
topic b/#
pattern write d/%u/up
pattern read d/%c/down
user ana
topic read a/later
`;
    expect(rightsIn(text)).toEqual({
      publish: ["a/both", "with space/out", "d/ana/up"],
      subscribe: ["a/both", "a/in", "a/later", "d/%c/down"],
      denied: [],
    });
    expect(rightsIn(text, "nobody").publish).toEqual(["d/nobody/up"]);
    expect(readAclFile(text).notes.map(({ line }) => line)).toEqual([1]);
  });

  it("gives no name that is more than a level a way out of its own", () => {
    expect(rightsIn("pattern d/%u\n", "a/+").publish).toEqual(["d/%u"]);
  });

  it("names what cannot be carried over", () => {
    const { notes } = readAclFile(
      "user a\ntopic read $SYS/#\ntopic a/#/b\npattern dev-%c/x\ntopic\nnonsense here\n",
    );
    expect(notes.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
  });

  it.each([
    ["topic deny a/secret", true],
    ["topic deny b/secret", false],
    ["topic deny +/secret/#", true],
    ["pattern deny a/%u", true],
  ])("does not lose that something is denied: %s", (line, isLost) => {
    expect(rightsIn(`user ana\ntopic read a/#\n${line}\n`).denied).toHaveLength(isLost ? 1 : 0);
  });
});
