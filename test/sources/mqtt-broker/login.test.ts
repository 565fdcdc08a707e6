import { expect, test } from "vitest";
import { createLogin, type Login } from "../../../src/sources/mqtt-broker/login.ts";
import { hashPassword } from "../../../src/sources/mqtt-broker/password.ts";
import { parseUsers, type Users } from "../../../src/sources/mqtt-broker/users.ts";
import { ManualClock } from "../../support/manual-clock.ts";

async function twoUsers(): Promise<Users> {
  const password_hash = await hashPassword("right", Buffer.from("twelve bytes"), 1_000);
  const users = parseUsers([
    { user: "a", password_hash },
    { user: "b", password_hash },
  ]);
  if (!users.ok) throw new Error("the users are wrong");
  return users.value;
}

const clock = new ManualClock();

function nameOf(user: Awaited<ReturnType<Login>>): string | undefined {
  return user === "locked-out" ? user : user?.name;
}

const [right, wrong] = [Buffer.from("right"), Buffer.from("wrong")];

test("checks go in turns by address: wrong passwords of one hold up another's by one", async () => {
  const login = createLogin(await twoUsers(), clock);
  const ended: string[] = [];
  const tries = ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"].map(
    async (address) => {
      const password = address === "192.0.2.1" ? wrong : right;
      const user = await login({ name: "a", password, address }, () => true);
      ended.push(`${address} ${nameOf(user)}`);
    },
  );
  await Promise.all(tries);
  expect(ended.slice(0, 3)).toEqual(["192.0.2.1 undefined", "192.0.2.2 a", "192.0.2.3 a"]);
  expect(ended).toHaveLength(6);
});

test("checks never run two at a time", async () => {
  const login = createLogin(await twoUsers(), clock);
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
  const login = createLogin(await twoUsers(), clock);
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
  const login = createLogin(await twoUsers(), clock);
  const from = (address: string, name: string, password: Buffer) =>
    login({ name, password, address }, () => true).then(nameOf);
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

test("who guesses is looked at less and less, and the device behind the same address all the same", async () => {
  const time = new ManualClock();
  const login = createLogin(await twoUsers(), time);
  const from = (address: string, name: string, password: Buffer) =>
    login({ name, password, address }, () => true).then(nameOf);
  const many = async (count: number, name: (n: number) => string): Promise<number> => {
    let checked = 0;
    for (let n = 0; n < count; n += 1)
      if ((await from("192.0.2.1", name(n), wrong)) !== "locked-out") checked += 1;
    return checked;
  };
  expect(await many(30, () => "a")).toBe(10);
  // The right password of that name waits, too, but not that of a neighbor, nor from elsewhere.
  expect(await from("192.0.2.1", "a", right)).toBe("locked-out");
  expect(await from("192.0.2.1", "b", right)).toBe("b");
  expect(await from("192.0.2.9", "a", right)).toBe("a");
  // Made-up names use up the address; who was right from there before does not mind.
  expect(await many(200, (n) => `made-up-${n}`)).toBeLessThan(50);
  expect(await from("192.0.2.1", "c", right)).toBe("locked-out");
  expect(await from("192.0.2.1", "b", Buffer.from("other"))).toBeUndefined();
  // What was used up comes back.
  await time.advance(60_000);
  expect(await from("192.0.2.1", "a", right)).toBe("a");
});

test("a client that went away before its turn made no guess", async () => {
  const login = createLogin(await twoUsers(), new ManualClock());
  const ask = (isWanted: boolean) =>
    login({ name: "a", password: wrong, address: "192.0.2.1" }, () => isWanted);
  for (let n = 0; n < 30; n += 1) await ask(false);
  expect(await ask(true)).toBeUndefined();
});
