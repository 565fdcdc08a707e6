import { describe, expect, it } from "vitest";
import { LockOut } from "../../src/api/sign-in/lock-out.ts";
import { SessionBook } from "../../src/api/sign-in/session-book.ts";
import { parseNetwork, trustedProxies } from "../../src/api/trusted-proxies.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { hourMs, password, webHere } from "./web-here.ts";

describe("Signing in", () => {
  it("gives a cookie that scripts and other sites do not get", async () => {
    const web = await webHere();
    const answer = await web.trySignIn("vera", password);
    expect(answer.json()).toEqual({ name: "vera", role: "viewer" });
    expect(answer.headers["set-cookie"]?.[0]).toMatch(
      new RegExp(`^sluicegate-${web.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  it("gives a cookie that only HTTPS carries where browsers come by HTTPS", async () => {
    const web = await webHere({ isSecure: true, publicOrigin: "https://console.example" });
    const answer = await web.trySignIn("vera", password, { host: "console.example" });
    expect(answer.headers["set-cookie"]?.[0]).toMatch(/^__Host-sluicegate-.*; Secure$/);
  });

  it("says the same of a wrong password and of a name that nobody has", async () => {
    const web = await webHere();
    const wrong = await web.trySignIn("vera", "wrong");
    const nobody = await web.trySignIn("nobody", "wrong");
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    expect(wrong.text).toBe(nobody.text);
  });

  it("is refused after ten wrong tries, also with the right password, and goes on a while later", async () => {
    const web = await webHere();
    for (let n = 0; n < 10; n += 1) expect((await web.trySignIn("vera", "wrong")).status).toBe(401);
    const locked = await web.trySignIn("vera", password);
    expect(locked.status).toBe(429);
    expect(locked.json()["code"]).toBe("sign-in.locked");
    expect(Number(locked.headers["retry-after"])).toBeGreaterThan(0);
    await web.clock.advance(15 * 60_000);
    expect((await web.trySignIn("vera", password)).status).toBe(200);
  });

  it("checks ten of a hundred passwords that are tried at once", async () => {
    const web = await webHere();
    const tries = Array.from({ length: 100 }, () => web.trySignIn("vera", "wrong"));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(90);
  });

  it("counts no try that was not checked", () => {
    const lockOut = new LockOut(new ManualClock());
    const attempt = { name: "vera", address: "9.9.9.9" };
    for (let n = 0; n < 30; n += 1) {
      expect(lockOut.begin(attempt)).toBe(0);
      lockOut.takeBack(attempt);
    }
    for (let n = 0; n < 10; n += 1) lockOut.begin(attempt);
    expect(lockOut.begin(attempt)).toBeGreaterThan(0);
  });

  it("again and again signs out oneself, and nobody else", () => {
    const limits = { idleMs: hourMs, mostMs: hourMs };
    const sessions = new SessionBook(new ManualClock(), limits);
    const admin = sessions.open("ana", "admin", "");
    const ids = Array.from({ length: 1_500 }, () => sessions.open("vera", "viewer", ""));
    expect(sessions.has(admin)).toBe(true);
    expect(ids.filter((id) => sessions.has(id))).toEqual(ids.slice(-50));
  });

  it("locks an address out that tries many names, and nobody else", async () => {
    const web = await webHere({ publicOrigin: "https://console.example" });
    const from = (address: string) => ({
      host: "console.example",
      origin: "https://console.example",
      "x-forwarded-for": `1.2.3.4, ${address}`,
    });
    for (let n = 0; n < 10; n += 1) await web.trySignIn(`guess-${n}`, "wrong", from("9.9.9.9"));
    expect((await web.trySignIn("vera", password, from("9.9.9.9"))).status).toBe(429);
    expect((await web.trySignIn("vera", password, from("8.8.8.8"))).status).toBe(200);
  });

  it("believes nobody but a proxy who it is that asks", async () => {
    const isProxy = trustedProxies(["10.1.0.0/16", "2001:db8::/32", "192.0.2.7"]);
    const trusted = ["127.0.0.1", "::1", "::ffff:10.1.2.3", "2001:db8::9", "192.0.2.7"];
    expect(trusted.filter((one) => !isProxy(one))).toEqual([]);
    const others = ["10.2.0.1", "192.0.2.8", "2001:db9::1", "", "localhost", "::ffff:8.8.8.8"];
    expect(others.filter(isProxy)).toEqual([]);
    const written = ["10.0.0.0/33", "10.0.0.0/", "x", "10.0.0.0/8/8", "::1/129", "::/0"];
    expect(written.filter((one) => parseNetwork(one) !== undefined)).toEqual(["::/0"]);
    const web = await webHere({ publicOrigin: "https://console.example", isProxy: () => false });
    const from = (address: string) => ({
      host: "console.example",
      origin: "https://console.example",
      "x-forwarded-for": address,
    });
    for (let n = 0; n < 10; n += 1) await web.trySignIn(`guess-${n}`, "wrong", from(`9.9.9.${n}`));
    expect((await web.trySignIn("vera", password, from("8.8.8.8"))).status).toBe(429);
    expect(web.audit.newest(100).entries.every((entry) => entry.from === "127.0.0.1")).toBe(true);
  });

  it("stays open for a name from where it was right before, whoever guesses elsewhere", async () => {
    const web = await webHere({ publicOrigin: "https://console.example" });
    const from = (address: string) => ({
      host: "console.example",
      origin: "https://console.example",
      "x-forwarded-for": address,
    });
    await web.trySignIn("vera", password, from("8.8.8.8"));
    for (let n = 0; n < 10; n += 1) await web.trySignIn("vera", "wrong", from("9.9.9.9"));
    expect((await web.trySignIn("vera", password, from("7.7.7.7"))).status).toBe(429);
    expect((await web.trySignIn("vera", password, from("8.8.8.8"))).status).toBe(200);
  });

  it("works once with a link, and not ten minutes later", async () => {
    const web = await webHere();
    const use = (token: string) =>
      web.ask("/api/v1/sign-in", {
        method: "POST",
        headers: web.own,
        body: JSON.stringify({ token }),
      });
    const token = web.links.make("root");
    expect((await use(token)).json()).toEqual({ name: "root", role: "admin" });
    expect((await use(token)).json()["code"]).toBe("sign-in.link-used");
    const old = web.links.make("root");
    await web.clock.advance(10 * 60_000);
    expect((await use(old)).status).toBe(401);
  });
});

describe("A session", () => {
  it("ends when nobody asked for eight hours, and a day after it began", async () => {
    const web = await webHere();
    const me = async (cookie: string) =>
      (await web.ask("/api/v1/me", { headers: { cookie } })).status;
    const idle = await web.signIn("vera");
    await web.clock.advance(8 * hourMs - 1);
    expect(await me(idle)).toBe(200);
    await web.clock.advance(8 * hourMs);
    expect(await me(idle)).toBe(401);
    const used = await web.signIn("vera");
    for (let hours = 0; hours < 23; hours += 1) {
      await web.clock.advance(hourMs);
      expect(await me(used)).toBe(200);
    }
    await web.clock.advance(hourMs);
    expect(await me(used)).toBe(401);
  });

  it("ends by signing out, and its cookie is taken away", async () => {
    const web = await webHere();
    const cookie = await web.signIn("vera");
    const out = await web.ask("/api/v1/sign-out", {
      method: "POST",
      headers: { ...web.own, cookie },
    });
    expect(out.headers["set-cookie"]?.[0]).toContain("Max-Age=0");
    expect((await web.ask("/api/v1/me", { headers: { cookie } })).status).toBe(401);
  });

  it("is of one console: a cookie of another port is nobody", async () => {
    const web = await webHere();
    const cookie = (await web.signIn("vera")).replace(/^sluicegate-\d+/, "sluicegate-1");
    expect((await web.ask("/api/v1/me", { headers: { cookie } })).status).toBe(401);
  });
});
