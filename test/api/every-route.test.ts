import { describe, expect, it } from "vitest";
import { allRoutes } from "../../deploy/all-routes.ts";
import { openApiOf } from "../../src/api/openapi.ts";
import { consoleRoles } from "../../src/api/principal.ts";
import { webHere } from "./web-here.ts";

const home = new URL("../..", import.meta.url).pathname;
const own = new Set(["/sign-in", "/sign-out", "/me", "/openapi.json"]);

describe("Every route there is", () => {
  it("refuses who is not signed in, who may not, and what another site's page sends", async () => {
    const routes = (await allRoutes(home)).filter(({ path }) => !own.has(path));
    expect(routes.length).toBeGreaterThan(10);
    const web = await webHere({ routes });
    const cookie = await web.signIn("ana");
    for (const { method, needs, path } of routes) {
      const at = `/api/v1${path.replaceAll(/\{\w+\}/g, "x")}`;
      const ask = async (headers: Record<string, string>) =>
        (await web.ask(at, { method: method.toUpperCase(), headers })).status;
      expect(needs).not.toBe("anybody");
      if (needs === "anybody") continue;
      // A write of nobody is not told that its page is foreign: it may be a program without a token.
      expect([at, await ask(web.own)]).toEqual([at, 401]);
      for (const role of consoleRoles.slice(0, consoleRoles.indexOf(needs)))
        expect([at, role, await ask(web.token(role))]).toEqual([at, role, 403]);
      if (method === "get") continue;
      expect([at, await ask({ cookie })]).toEqual([at, 403]);
      expect([at, await ask({ ...web.own, cookie, origin: "http://evil" })]).toEqual([at, 403]);
    }
  });

  it("needs an operator or more where it changes something", async () => {
    for (const { method, needs, path } of await allRoutes(home))
      if (method === "post" && !own.has(path))
        expect([path, ["operator", "admin"].includes(needs)]).toEqual([path, true]);
  });

  it("stands in the document with what it takes, what it gives and who may ask", async () => {
    const routes = await allRoutes(home);
    const document = JSON.parse(JSON.stringify(openApiOf(routes, "1.2.3")));
    expect(document.openapi).toBe("3.1.0");
    const ids = new Set<string>();
    for (const { method, needs, path, summary } of routes) {
      const operation = document.paths[path][method];
      expect(operation.summary).toBe(summary);
      expect(operation["x-role"]).toBe(needs);
      expect(operation.responses["200"].content["application/json"].schema).toBeDefined();
      const named = operation.parameters.flatMap((one: { in: string; name: string }) =>
        one.in === "path" ? [one.name] : [],
      );
      expect(named).toEqual(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name));
      ids.add(operation.operationId);
    }
    expect(ids.size).toBe(routes.length);
    expect(JSON.stringify(document)).not.toContain('"$ref":"#/$defs');
  });

  it("is served as that document to anybody", async () => {
    const web = await webHere();
    const answer = await web.ask("/api/v1/openapi.json");
    expect(Object.keys(answer.json()["paths"] ?? {})).toContain("/post-admin/{id}");
  });
});
