import { readFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Notice } from "../../../src/notify/receiver.ts";
import { TestAuthority } from "../../support/certificates.ts";
import { noticeOf } from "../../support/notices.ts";
import { transition } from "../../support/notifying.ts";
import { openTestReceiver } from "../../support/open-test-receiver.ts";
import { type SmtpTrial, smtpServer } from "../../support/smtp-server.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const never = new AbortController().signal;

async function openFor(trial: SmtpTrial = {}, more: object = {}) {
  const { letters, port } = await smtpServer(trial);
  const receiver = await openTestReceiver({
    kind: "email",
    smtp: `smtp://127.0.0.1:${port}`,
    starttls: false,
    from: "alerts@plant.example",
    to: ["ops@plant.example"],
    ...more,
  });
  const tell = (notice: Notice) => receiver.deliver(notice, never);
  return { letters, tell };
}

const header = (text: string, name: string): string =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, "im").exec(text)?.[1]?.replace(/\r\n/g, "") ?? "";

const critical = transition("freezer-07", 1, 1, { severity: "critical" });

describe("email receiver", () => {
  test("says in the subject what it is, and threads the end behind the beginning", async () => {
    const { letters, tell } = await openFor();
    await tell(noticeOf([critical]));
    await tell(noticeOf([transition("freezer-07", 1, 2, { severity: "critical" })]));
    const [begin, end] = letters.map(({ text }) => text);
    expect(header(begin ?? "", "Subject")).toBe(
      "[FIRING critical] FreezerWarm freezer-07 (plant-a)",
    );
    expect(header(end ?? "", "Subject")).toBe("[ENDED critical] FreezerWarm freezer-07 (plant-a)");
    expect(header(begin ?? "", "Message-ID")).toBe("<freezer-07-1.1@plant.example>");
    expect(header(end ?? "", "Message-ID")).toBe("<freezer-07-1.2@plant.example>");
    const thread = "<freezer-07-1@plant.example>";
    for (const text of [begin, end]) {
      expect(header(text ?? "", "References")).toBe(thread);
      expect(header(text ?? "", "In-Reply-To")).toBe(thread);
      expect(header(text ?? "", "Auto-Submitted")).toBe("auto-generated");
    }
  });

  test("has the same Message-ID in every attempt, so that mail programs show it once", async () => {
    let busy = true;
    const { letters, tell } = await openFor({
      letter: () => (busy ? { code: 451, text: "try later" } : undefined),
    });
    expect(await tell(noticeOf([critical]))).toMatchObject({ kind: "failed" });
    busy = false;
    await tell(noticeOf([critical], { attempt: 2 }));
    await tell(noticeOf([critical], { attempt: 3 }));
    expect(new Set(letters.map(({ text }) => header(text, "Message-ID"))).size).toBe(1);
  });

  test("lets nothing that a device says become a header, a recipient or a tag", async () => {
    const { letters, tell } = await openFor();
    const evil = "x\r\nBcc: evil@evil.example\r\n\r\n<script>alert(1)</script>\u202e";
    const one = transition("f1", 1, 1, {
      id: `a\r\nX-Evil: 1`,
      labels: { site: evil, device: evil },
      annotations: { summary: evil, runbook_url: "javascript:alert(1)" },
      value: evil,
      rule: `g/${evil}`,
    });
    expect(await tell(noticeOf([one]))).toEqual({ kind: "delivered" });
    const [letter] = letters;
    const head = letter?.text.split("\r\n\r\n")[0] ?? "";
    expect(letter?.to).toEqual(["ops@plant.example"]);
    expect(head).not.toMatch(/^(?:bcc|x-evil):/im);
    const html = letter?.text.slice(letter.text.indexOf("text/html")) ?? "";
    expect(html).not.toContain("<script");
    expect(letter?.text).not.toContain("javascript:");
  });

  test("writes umlauts and units so that every program reads them", async () => {
    const { letters, tell } = await openFor();
    const labels = { site: "Köln", device: "Kühlhaus Süd ❄" };
    await tell(noticeOf([transition("f1", 1, 1, { labels, value: -11.4, unit: "Cel" })]));
    const subject = header(letters[0]?.text ?? "", "Subject");
    expect(subject).toMatch(/=\?UTF-8\?/);
    expect(letters[0]?.text).not.toMatch(/[^\t\r\n -~]/);
  });

  test.each<[string, SmtpTrial, object]>([
    [
      "4yz to a recipient",
      { recipient: () => ({ code: 450, text: "greylisted" }) },
      { kind: "failed" },
    ],
    ["5yz to a recipient", { recipient: () => ({ code: 550, text: "no" }) }, { kind: "refused" }],
    [
      "5yz to the sender",
      { sender: () => ({ code: 553, text: "not yours" }) },
      { kind: "failed", misconfigured: true },
    ],
    ["4yz to the letter", { letter: () => ({ code: 452, text: "full" }) }, { kind: "failed" }],
    ["5yz to the letter", { letter: () => ({ code: 554, text: "spam" }) }, { kind: "refused" }],
  ])("judges %s", async (_, trial, expected) => {
    const { tell } = await openFor(trial);
    expect(await tell(noticeOf([critical]))).toMatchObject(expected);
  });

  test("tries again only with those that did not take it", async () => {
    let busy = true;
    const { letters, tell } = await openFor(
      {
        recipient: (address) =>
          busy && address.startsWith("b@") ? { code: 451, text: "later" } : undefined,
      },
      { to: ["a@plant.example", "b@plant.example"] },
    );
    expect(await tell(noticeOf([critical]))).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("b@plant.example"),
    });
    busy = false;
    expect(await tell(noticeOf([critical], { attempt: 2 }))).toEqual({ kind: "delivered" });
    expect(letters.map(({ to }) => to)).toEqual([["a@plant.example"], ["b@plant.example"]]);
  });

  test("speaks TLS with a login, by STARTTLS or from the first byte, to whom a CA of ours vouches for", async () => {
    const folder = await tempFolder();
    const authority = await TestAuthority.create(folder, "ca");
    const { cert, key } = await authority.sign("mail");
    const tls = { cert: await readFile(cert), key: await readFile(key) };
    let said = "";
    for (const secure of [false, true]) {
      const { letters, port } = await smtpServer({
        options: {
          ...tls,
          secure,
          disabledCommands: [],
          authOptional: false,
          onAuth: ({ password, username }, _, done) => {
            said = `${username} ${password}`;
            done(null, { user: "ops" });
          },
        },
      });
      const entry = {
        kind: "email",
        smtp: `${secure ? "smtps" : "smtp"}://127.0.0.1:${port}`,
        from: "alerts@plant.example",
        to: ["ops@plant.example"],
        user: "ops",
        password: { env: "P" },
      };
      const trusting = await openTestReceiver({ ...entry, ca: authority.files.cert });
      expect(await trusting.deliver(noticeOf([critical]), never)).toEqual({ kind: "delivered" });
      expect(letters[0]?.encrypted).toBe(true);
      expect(said).toBe("ops s3cret");
      said = "";
      const strange = await openTestReceiver(entry);
      expect((await strange.deliver(noticeOf([critical]), never)).kind).toBe("failed");
      expect(said).toBe("");
    }
  });

  test("sends no password to a server that speaks no TLS, and asks people to look at a wrong one", async () => {
    let asked = false;
    const onAuth = (_: unknown, __: unknown, done: (error: Error) => void): void => {
      asked = true;
      done(Object.assign(new Error("wrong s3cret"), { responseCode: 535 }));
    };
    const more = { starttls: true, user: "ops", password: { env: "P" } };
    const plain = await openFor({ options: { onAuth } }, more);
    expect((await plain.tell(noticeOf([critical]))).kind).toBe("failed");
    expect(asked).toBe(false);
    const folder = await tempFolder();
    const authority = await TestAuthority.create(folder, "ca");
    const { cert, key } = await authority.sign("mail");
    const tls = { cert: await readFile(cert), key: await readFile(key), disabledCommands: [] };
    const wrong = await openFor(
      { options: { ...tls, onAuth } },
      { ...more, ca: authority.files.cert },
    );
    expect(await wrong.tell(noticeOf([critical]))).toMatchObject({
      kind: "failed",
      misconfigured: true,
    });
    expect(asked).toBe(true);
  });

  test("lets go of a server that says a little all the time and never takes it", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      const timer = setInterval(() => socket.write("220-wait\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { tell } = await openFor({}, { smtp: `smtp://127.0.0.1:${port}`, timeout: "100ms" });
    expect(await tell(noticeOf([critical]))).toMatchObject({ kind: "failed" });
  });
});
