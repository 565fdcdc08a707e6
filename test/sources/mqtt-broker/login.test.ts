import { expect, test } from "vitest";
import { createLogin } from "../../../src/sources/mqtt-broker/login.ts";
import { hashPassword } from "../../../src/sources/mqtt-broker/password.ts";
import { parseUsers, type Users } from "../../../src/sources/mqtt-broker/users.ts";

async function twoUsers(): Promise<Users> {
  const password_hash = await hashPassword("right", Buffer.from("twelve bytes"), 1_000);
  const users = parseUsers([
    { user: "a", password_hash },
    { user: "b", password_hash },
  ]);
  if (!users.ok) throw new Error("the users are wrong");
  return users.value;
}

const [right, wrong] = [Buffer.from("right"), Buffer.from("wrong")];

test("checks go in turns by address: wrong passwords of one hold up another's by one", async () => {
  const login = createLogin(await twoUsers());
  const ended: string[] = [];
  const tries = ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"].map(
    async (address) => {
      const password = address === "192.0.2.1" ? wrong : right;
      const user = await login({ name: "a", password, address }, () => true);
      ended.push(`${address} ${user?.name}`);
    },
  );
  await Promise.all(tries);
  expect(ended.slice(0, 3)).toEqual(["192.0.2.1 undefined", "192.0.2.2 a", "192.0.2.3 a"]);
  expect(ended).toHaveLength(6);
});

test("checks never run two at a time", async () => {
  const login = createLogin(await twoUsers());
  let asked = 0;
  let ended = 0;
  const tries = ["::1", "192.0.2.1", "192.0.2.2"].map((address) =>
    login({ name: "a", password: wrong, address }, () => {
      expect(asked - ended).toBe(0);
      asked += 1;
      return true;
    }).then(() => {
      ended += 1;
    }),
  );
  await Promise.all(tries);
  expect(ended).toBe(3);
});

test("the addresses of one IPv6 network share their turns", async () => {
  const login = createLogin(await twoUsers());
  const ended: string[] = [];
  const tries = ["2001:db8::1", "2001:db8:0:0:1::2", "2001:db8::3", "2001:db8:0:1::1"].map(
    async (address) => {
      await login({ name: "a", password: wrong, address }, () => true);
      ended.push(address);
    },
  );
  await Promise.all(tries);
  expect(ended[1]).toBe("2001:db8:0:1::1");
});

test("a password that was right before needs no turn, and a wrong one still does", async () => {
  const login = createLogin(await twoUsers());
  const from = (address: string, name: string, password: Buffer) =>
    login({ name, password, address }, () => true).then((user) => user?.name);
  expect(await from("192.0.2.1", "a", right)).toBe("a");
  const ended: string[] = [];
  const note = (what: string) => () => void ended.push(what);
  await Promise.all([
    from("192.0.2.1", "b", wrong).then(note("wrong")),
    from("192.0.2.1", "a", wrong).then(note("guess")),
    from("192.0.2.1", "a", right).then(note("known")),
  ]);
  expect(ended).toEqual(["known", "wrong", "guess"]);
});
