import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { nothing, route } from "../../src/api/route.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webHere } from "./web-here.ts";

/** Sends bytes as they are; gives what came back when the line has ended. */
function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
    socket.on("data", (part) => {
      text += part;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
}

describe("What strangers send", () => {
  it("is refused where it is too large, in its head and in what it carries", async () => {
    const web = await webHere();
    const head = await sendRaw(
      web.port,
      `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
    );
    expect(head).toContain("431");
    const headers = { ...web.token("admin"), ...web.own };
    const large = Buffer.alloc(300 * 1024, " ");
    const post = (more: Record<string, string>) =>
      web.ask("/api/v1/post-admin/x", {
        method: "POST",
        headers: { ...headers, ...more },
        body: large,
      });
    expect((await post({})).status).toBe(413);
    expect((await post({ "transfer-encoding": "chunked" })).status).toBe(413);
    const long = await web.ask(`/api/v1/get-viewer/${"a".repeat(10_000)}`, {
      headers: web.token("viewer"),
    });
    expect(long.status).toBe(200);
  });

  it("is a problem document where it makes no sense, and never a failure of ours", async () => {
    const web = await webHere();
    const headers = { ...web.token("admin"), ...web.own };
    const bodies: (string | Buffer)[] = [
      "{",
      "null",
      "[]",
      "1",
      '"x"',
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
      "[".repeat(100_000),
      '{"__proto__": {"admin": true}}',
      '{"constructor": {"prototype": {}}}',
      '{"reason": 1}',
      '{"reason": "x", "more": 1}',
    ];
    for (const body of bodies) {
      const answer = await web.ask("/api/v1/post-admin/x", { method: "POST", headers, body });
      expect([body.slice(0, 40), answer.status]).toEqual([body.slice(0, 40), 400]);
      expect(answer.headers["content-type"]).toBe("application/problem+json");
    }
    expect(Object.keys({})).toEqual([]);
    expect("admin" in {}).toBe(false);
  });

  it("is answered shortly however much is wrong with it, before anybody is known", async () => {
    const web = await webHere();
    const keys = Array.from({ length: 20_000 }, (_, n) => [`n${n}`, 1]);
    for (const body of [Object.fromEntries(keys), { ["k".repeat(200_000)]: 1 }]) {
      const answer = await web.ask("/api/v1/sign-in", {
        method: "POST",
        headers: web.own,
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(400);
      expect(answer.text.length).toBeLessThan(10_000);
    }
  });

  it("ends a line that asks on and on and takes no answer", async () => {
    const web = await webHere();
    const one = "GET /assets/a-1.js HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answers = 0;
    const socket = connect(web.port, "127.0.0.1", () => socket.write(one.repeat(1_000)));
    socket.on("error", () => {});
    socket.on("data", (part) => {
      answers += String(part).split("HTTP/1.1 200").length - 1;
    });
    await new Promise((resolve) => socket.on("close", resolve));
    expect(answers).toBeLessThan(1_000);
    expect((await web.ask("/livez")).status).toBe(200);
  });

  it("may be any path", async () => {
    const web = await webHere();
    const headers = web.token("admin");
    const paths: readonly (readonly [string, number])[] = [
      ["/api/v1/get-viewer/%", 200],
      ["/api/v1/get-viewer/%ff%fe", 200],
      ["/api/v1/get-viewer/%2e%2e%2fx", 200],
      ["/api/v1/get-viewer/__proto__", 200],
      ["/api/v1/get-viewer/x?n=1&n=2", 200],
      ["/api/v1/get-viewer/x?__proto__=1", 400],
      ["/api/v1/get-viewer/x?n=word", 400],
      ["/api/v1/get-viewer/x?other=1", 400],
      ["/api/v1/get-viewer/a/b", 404],
      ["/api/v1/__proto__", 404],
      ["/api/v1/constructor", 404],
      ["/api/v1", 404],
      ["/api", 404],
      ["/api/v2/me", 404],
      ["//", 200],
      ["//evil.example/x", 200],
      ["/\\..\\..\\etc\\passwd", 400],
      ["/assets/../index.html", 200],
      ["/assets/%2e%2e/index.html", 200],
      ["/assets/..%2f..%2fpackage.json", 404],
      ["/assets/a-2.js", 404],
    ];
    for (const [path, status] of paths)
      expect([path, (await web.ask(path, { headers })).status]).toEqual([path, status]);
  });

  it("does not get into a header of the answer", async () => {
    const web = await webHere();
    const answer = await web.ask("/api/v1/x%0d%0aset-cookie:%20a=b", {
      headers: web.token("viewer"),
    });
    expect(answer.status).toBe(404);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("costs the process nothing where it is no HTTP, or a host that is none", async () => {
    const web = await webHere();
    const texts = [
      "\r\n\r\n\r\n",
      "GET\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: \r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost/?x=\r\n\r\n",
      "GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    ];
    for (const text of texts) expect(await sendRaw(web.port, text)).not.toContain("500");
    expect((await web.ask("/livez")).text).toBe("alive\n");
  });

  it("leaves room for others where one machine opens every line it can", async () => {
    const web = await webHere();
    const sockets = Array.from({ length: 200 }, () => connect(web.port, "127.0.0.1"));
    let closed = 0;
    for (const socket of sockets) {
      socket.on("error", () => {});
      socket.on("close", () => {
        closed += 1;
      });
    }
    await waitUntil(() => closed === 200 - 128, "the lines that are too many");
    for (const socket of sockets) socket.destroy();
    await waitUntil(
      () =>
        web.ask("/livez").then(
          ({ status }) => status === 200,
          () => false,
        ),
      "an answer",
    );
  });
});

describe("Every answer", () => {
  it("tells the browser to load nothing else, and to be shown in nobody's frame", async () => {
    const web = await webHere();
    for (const path of ["/", "/assets/a-1.js", "/api/v1/me", "/livez", "/assets/none.js"]) {
      const { headers } = await web.ask(path);
      expect(headers["content-security-policy"]).toContain("default-src 'self'");
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});

describe("The page", () => {
  it("is the same file at every path of its own, and asked for again each time", async () => {
    const web = await webHere();
    for (const path of ["/", "/devices/a.b.c?tab=values", "/alerts"]) {
      const answer = await web.ask(path);
      expect([answer.status, answer.text]).toEqual([200, "<!doctype html>page"]);
      expect(answer.headers["cache-control"]).toBe("no-cache");
    }
    expect((await web.ask("/", { method: "POST" })).status).toBe(405);
  });

  it("sends packed what a browser takes so, and files with a hash once for ever", async () => {
    const web = await webHere();
    const as = async (accepted: string) =>
      (await web.ask("/assets/a-1.js", { headers: { "accept-encoding": accepted } })).headers;
    expect((await as("gzip, deflate, br"))["content-encoding"]).toBe("br");
    expect((await as("gzip;q=1, br;q=0"))["content-encoding"]).toBe("gzip");
    expect((await as("identity"))["content-encoding"]).toBeUndefined();
    expect((await as(""))["cache-control"]).toContain("immutable");
  });

  it("is served a few at a time where it reads much, and all of it in the end", async () => {
    let atOnce = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const web = await webHere({
      routes: [
        route({
          ...{ method: "get", path: "/past", summary: "Reads much.", needs: "viewer" },
          ...{ params: nothing, query: nothing, body: nothing, answer: nothing, readsMuch: true },
          async serve() {
            atOnce += 1;
            most = Math.max(most, atOnce);
            await new Promise<void>((resolve) => ends.push(resolve));
            atOnce -= 1;
            return {};
          },
        }),
      ],
    });
    const asking = Array.from({ length: 10 }, () =>
      web.ask("/api/v1/past", { headers: web.token("viewer") }),
    );
    let served = 0;
    for (const one of asking) void one.then(() => (served += 1));
    await waitUntil(() => {
      ends.shift()?.();
      return served === asking.length;
    }, "all are served");
    for (const answer of await Promise.all(asking)) expect(answer.status).toBe(200);
    expect(most).toBeLessThanOrEqual(4);
  });
});
