import { describe, expect, it } from "vitest";
import { webHere } from "./web-here.ts";

const roles = ["viewer", "operator", "admin"] as const;
const names = { viewer: "vera", operator: "otto", admin: "ana" } as const;

describe("What a role may do", () => {
  it("is what its own and lower roles may, by session and by token, on every route", async () => {
    const web = await webHere();
    for (const role of roles) {
      const cookie = await web.signIn(names[role]);
      for (const needs of roles)
        for (const method of ["get", "post"]) {
          const expected = roles.indexOf(role) >= roles.indexOf(needs) ? 200 : 403;
          for (const proof of [{ cookie, "x-sluicegate": "1" }, web.token(role)]) {
            const { status } = await web.ask(`/api/v1/${method}-${needs}/x`, {
              method: method.toUpperCase(),
              headers: proof,
            });
            expect(`${role} ${method} ${needs} ${status}`).toBe(
              `${role} ${method} ${needs} ${expected}`,
            );
          }
        }
    }
  });

  it("is nothing without a proof, or with one that is wrong", async () => {
    const web = await webHere();
    const wrong: Record<string, string>[] = [
      {},
      { cookie: `sluicegate-${web.port}=nobody` },
      { cookie: `sluicegate-${web.port}=` },
      { authorization: "Bearer nothing-that-was-ever-made-here" },
      { authorization: "Bearer " },
      { authorization: "Basic YW5hOmNvcnJlY3QgaG9yc2U=" },
    ];
    for (const headers of wrong) {
      expect((await web.ask("/api/v1/me", { headers })).status).toBe(401);
      const stream = await web.ask("/api/v1/stream?topics=status", { headers });
      expect(stream.status).toBe(401);
    }
    expect((await web.ask("/metrics")).status).toBe(401);
    expect((await web.ask("/metrics", { headers: web.token("viewer") })).text).toBe("up 1\n");
  });
});

describe("A request of another site's page", () => {
  const foreign: readonly (readonly [string, Record<string, string>])[] = [
    ["our header is missing", { "x-sluicegate": "" }],
    ["another origin", { origin: "https://evil.example" }],
    ["the same machine, another port", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { origin: "null" }],
    ["the browser says another site", { "sec-fetch-site": "cross-site" }],
    ["the browser says another port", { "sec-fetch-site": "same-site" }],
  ];

  it.each(foreign)("changes nothing: %s", async (_, headers) => {
    const web = await webHere();
    const cookie = await web.signIn("ana");
    const own: Record<string, string> = { ...web.own, cookie, ...headers };
    if (own["x-sluicegate"] === "") delete own["x-sluicegate"];
    const answer = await web.ask("/api/v1/post-admin/x", { method: "POST", headers: own });
    expect(answer.status).toBe(403);
    expect(answer.json()["code"]).toBe("request.foreign");
  });

  it("cannot sign in its reader as somebody else", async () => {
    const web = await webHere();
    const answer = await web.ask("/api/v1/sign-in", {
      method: "POST",
      headers: { origin: "https://evil.example", "content-type": "text/plain" },
      body: JSON.stringify({ name: "vera", password: "correct horse" }),
    });
    expect(answer.status).toBe(403);
  });

  it("does not listen to what changes", async () => {
    const web = await webHere();
    const cookie = await web.signIn("ana");
    const answer = await web.ask("/api/v1/stream?topics=status", {
      headers: { cookie, origin: "https://evil.example" },
    });
    expect(answer.status).toBe(403);
  });

  it("is not answered where its name leads to this machine", async () => {
    const web = await webHere();
    const of = async (host: string) => (await web.ask("/livez", { headers: { host } })).status;
    for (const host of ["evil.example", `evil.example:${web.port}`, "127.0.0.1.evil.example"])
      expect([host, await of(host)]).toEqual([host, 421]);
    for (const host of ["localhost", `127.0.0.1:${web.port}`, "[::1]:8080", "LOCALHOST:80"])
      expect([host, await of(host)]).toEqual([host, 200]);
  });

  it("goes through from the address that a proxy has for us, and from no other", async () => {
    const web = await webHere({ publicOrigin: "https://console.example", isSecure: true });
    const post = (origin: string) =>
      web.ask("/api/v1/post-admin/x", {
        method: "POST",
        headers: { ...web.own, cookie, host: "console.example", origin },
      });
    const { headers } = await web.trySignIn("ana", "correct horse", { host: "console.example" });
    const cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    expect((await post("https://console.example")).status).toBe(200);
    expect((await post("http://console.example")).status).toBe(403);
  });
});
