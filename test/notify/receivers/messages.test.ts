/** What services get that show a notice to people, held against what each has published of its format. */
import { describe, expect, test } from "vitest";
import type { Delivery, Notice } from "../../../src/notify/receiver.ts";
import { noticeOf } from "../../support/notices.ts";
import { transition } from "../../support/notifying.ts";
import { openTestReceiver } from "../../support/open-test-receiver.ts";
import type { HookAnswer } from "../../support/open-webhook-server.ts";
import { webhookServer } from "../../support/webhook-server.ts";

const token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const kinds = ["ntfy", "telegram", "slack", "teams"] as const;
type Kind = (typeof kinds)[number];

async function tell(kind: Kind, notice: Notice, answer?: () => HookAnswer, path = "") {
  const server = await webhookServer(answer);
  const { posts } = server;
  const url = server.url + path;
  const entries = {
    ntfy: { kind, url, topic: "plant", token: { env: "T" } },
    telegram: { kind, url, token: { env: "T" }, chat_id: -1001 },
    slack: { kind, url: { env: "U" } },
    teams: { kind, url: { env: "U" } },
  };
  const secret = kind === "slack" || kind === "teams" ? url : token;
  const receiver = await openTestReceiver(entries[kind], {
    readSecret: async () => ({ reveal: () => secret }),
  });
  const delivery: Delivery = await receiver.deliver(notice, new AbortController().signal);
  const body = posts[0]?.body ?? "";
  return { delivery, post: posts[0], body, message: JSON.parse(body) };
}

const one = transition("freezer-07", 1, 1, {
  severity: "critical",
  value: -11.4,
  limit: -15,
  unit: "Cel",
  handling: { runbook_url: "https://wiki.example/freezer" },
});
const title = "[FIRING critical] FreezerWarm freezer-07 (plant-a)";
const evil = '<b>&"*_[x](http://evil.example)<!channel>\n@all';
const hostile = transition("f1", 1, 1, {
  labels: { site: "plant-a", device: evil },
  annotations: { summary: evil, runbook_url: "javascript:alert(1)" },
});
const many = noticeOf([
  transition("f0", 1, 1),
  ...Array.from({ length: 300 }, (_, n) =>
    transition(`f${n + 1}`, 1, 1, { annotations: { summary: `${"Kühlhaus ❄".repeat(40)}` } }),
  ),
]);

describe("a message of ntfy", () => {
  test("is JSON with title, priority and tags, and no header holds any of it", async () => {
    const umlauts = { ...one, labels: { site: "Köln", device: "Kühlhaus ❄" } };
    const { message, post } = await tell("ntfy", noticeOf([umlauts]));
    expect(message).toMatchObject({
      topic: "plant",
      title: "[FIRING critical] FreezerWarm Kühlhaus ❄ (Köln)",
      priority: 5,
      tags: ["rotating_light"],
      click: "https://wiki.example/freezer",
    });
    expect(message.message).toContain("Value: -11.4 °C, limit -15 °C");
    expect(post?.headers.authorization).toBe(`Bearer ${token}`);
    expect(JSON.stringify(post?.headers)).not.toContain("hlhaus");
  });

  test("of an end does not ring, and a long one is no attachment", async () => {
    const { message } = await tell("ntfy", noticeOf([transition("f1", 1, 2)]));
    expect(message).toMatchObject({ priority: 3, tags: ["white_check_mark"] });
    const long = await tell("ntfy", many);
    expect(Buffer.byteLength(long.message.message)).toBeLessThanOrEqual(4_096);
  });
});

describe("a message of Telegram", () => {
  test("goes to sendMessage of the bot, as HTML whose only tags are ours", async () => {
    const { message, post } = await tell("telegram", noticeOf([hostile]));
    expect(post?.path).toBe(`/hook/bot${encodeURIComponent(token)}/sendMessage`);
    expect(message).toMatchObject({ chat_id: -1001, parse_mode: "HTML" });
    expect(message.text.match(/<[^>]*>/g)).toEqual(["<b>", "</b>"]);
    expect(message.text).not.toMatch(/&(?!(?:amp|lt|gt|quot);)/);
    expect(message.text).not.toContain("javascript:");
  });

  test("is cut before it is escaped, below what is taken", async () => {
    const { message } = await tell("telegram", many);
    const shown = message.text.replace(/<[^>]*>/g, "").replace(/&[a-z]+;/g, "x");
    expect(shown.length).toBeLessThanOrEqual(4_096);
  });

  test.each<[string, number, object, object]>([
    [
      "rests as long as the body asks",
      429,
      { description: "Too Many Requests: retry after 7", parameters: { retry_after: 7 } },
      { kind: "failed", restMs: 7_000 },
    ],
    [
      "says where a group went",
      400,
      {
        description: "Bad Request: group chat was upgraded to a supergroup chat",
        parameters: { migrate_to_chat_id: -1001557912345 },
      },
      { kind: "failed", misconfigured: true, reason: expect.stringContaining("-1001557912345") },
    ],
    [
      "asks people to look at a chat that is not there",
      400,
      { description: "Bad Request: chat not found" },
      { kind: "failed", misconfigured: true },
    ],
    [
      "asks people to look when the bot was thrown out",
      403,
      { description: "Forbidden: bot was kicked from the group chat" },
      { kind: "failed", misconfigured: true },
    ],
    [
      "gives up what can never be read",
      400,
      { description: "Bad Request: can't parse entities: Unsupported start tag" },
      { kind: "refused" },
    ],
  ])("%s", async (_, status, answer, expected) => {
    const body = JSON.stringify({ ok: false, error_code: status, ...answer });
    const { delivery } = await tell("telegram", noticeOf([one]), () => ({ status, body }));
    expect(delivery).toMatchObject(expected);
  });

  test("never says its token", async () => {
    const body = JSON.stringify({ ok: false, description: `no bot ${token}` });
    const { delivery } = await tell("telegram", noticeOf([one]), () => ({ status: 404, body }));
    expect(delivery).toMatchObject({ kind: "failed", misconfigured: true });
    expect(JSON.stringify(delivery)).not.toContain(token);
  });
});

describe("a message of Slack", () => {
  test("is an attachment with a color, a title with a link and text without marks", async () => {
    const { message } = await tell("slack", noticeOf([one]));
    expect(message.attachments).toEqual([
      {
        fallback: title,
        color: "danger",
        title,
        title_link: "https://wiki.example/freezer",
        text: expect.stringContaining("Value: -11.4 °C, limit -15 °C"),
        mrkdwn_in: [],
      },
    ]);
  });

  test("calls nobody by the name of a device, and is cut below what is taken", async () => {
    const { body, message } = await tell("slack", noticeOf([hostile]));
    expect(body).not.toMatch(/[<>]/);
    expect(message.attachments[0].text).toContain("&lt;!channel&gt;");
    const long = await tell("slack", many);
    expect(long.message.attachments[0].text.length).toBeLessThan(8_000);
  });

  test("says what Slack said about it", async () => {
    const answer = () => ({ status: 404, body: "no_service" });
    const { delivery } = await tell("slack", noticeOf([one]), answer);
    expect(delivery).toEqual({
      kind: "failed",
      reason: "answered 404: no_service",
      misconfigured: true,
    });
    const busy = () => ({ status: 429, headers: { "retry-after": "30" }, body: "rate_limited" });
    expect((await tell("slack", noticeOf([one]), busy)).delivery).toMatchObject({ restMs: 30_000 });
  });
});

describe("a message of Teams", () => {
  test("is an adaptive card in the form that workflows take", async () => {
    const { message } = await tell("teams", noticeOf([one]));
    expect(message.type).toBe("message");
    const [{ content, contentType }] = message.attachments;
    expect(contentType).toBe("application/vnd.microsoft.card.adaptive");
    expect(content).toMatchObject({ type: "AdaptiveCard", version: "1.4" });
    expect(content.body[0].inlines[0].text).toBe(title);
    expect(content.actions).toEqual([
      { type: "Action.OpenUrl", title: "Runbook", url: "https://wiki.example/freezer" },
    ]);
  });

  test("has no text that is read as Markdown, and no link that is none", async () => {
    const { message } = await tell("teams", noticeOf([hostile]));
    const [{ content }] = message.attachments;
    for (const part of content.body) {
      expect(part.type).toBe("RichTextBlock");
      for (const { type } of part.inlines) expect(type).toBe("TextRun");
    }
    expect(content.actions).toBeUndefined();
  });

  test("stays below 28 KiB as it is kept there, and says how much it left out", async () => {
    const { body, message } = await tell("teams", many);
    const kept = JSON.stringify(body);
    const foreign = kept.match(/[^\x20-\x7e]/g)?.length ?? 0;
    expect(kept.length + 5 * foreign).toBeLessThan(28_672);
    const { body: parts } = message.attachments[0].content;
    expect(parts.at(-1).inlines[0].text).toMatch(/^and \d+ more$/);
  });

  test("asks people to look at a workflow that is switched off", async () => {
    const body = '{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"Could not execute"}}';
    const { delivery } = await tell("teams", noticeOf([one]), () => ({ status: 400, body }));
    expect(delivery).toMatchObject({ kind: "failed", misconfigured: true });
    const { delivery: taken } = await tell("teams", noticeOf([one]), () => 202);
    expect(taken).toEqual({ kind: "delivered" });
  });
});

describe.each(kinds)("what %s shows", (kind) => {
  test("says why it is told, how many there are and what had no room", async () => {
    const notice = noticeOf([one, transition("f2", 1, 2)], { cause: "digest", leftOut: 3 });
    const { body } = await tell(kind, notice);
    expect(body).toContain("[DIGEST critical] 5 alerts: plant-a");
    expect(body).toContain("FreezerWarm f2 (plant-a)");
    expect(body).toContain("and 3 more");
    const flapping = noticeOf([one], { cause: "flapping", lateByReceiver: true, attempt: 4 });
    const { body: said } = await tell(kind, flapping);
    expect(said).toContain("[FLAPPING critical] FreezerWarm freezer-07 (plant-a)");
    expect(said).toContain("attempt 4");
    for (const [cause, word] of [
      ["repeat", "STILL FIRING"],
      ["escalation", "ESCALATED"],
    ] as const)
      expect((await tell(kind, noticeOf([one], { cause }))).body).toContain(`[${word} critical]`);
  });

  test("is tried with the same words while it is not taken, and then told once", async () => {
    const statuses = [500, 500, 500, 200];
    const bodies = [];
    for (const [at, status] of statuses.entries()) {
      const { body, delivery } = await tell(
        kind,
        noticeOf([one], { attempt: at + 1 }),
        () => status,
      );
      bodies.push(body);
      expect(delivery.kind).toBe(status === 200 ? "delivered" : "failed");
    }
    expect(new Set(bodies).size).toBe(1);
  });
});

test("a webhook of Alertmanager's form has every field that those have", async () => {
  const { posts, url } = await webhookServer();
  const entry = { kind: "webhook", url, format: "alertmanager_v4" };
  const receiver = await openTestReceiver(entry);
  const notice = noticeOf([one, transition("f2", 1, 2)], { leftOut: 2 });
  await receiver.deliver(notice, new AbortController().signal);
  expect(posts[0]?.headers["idempotency-key"]).toBe(notice.id);
  const { alerts, ...rest } = JSON.parse(posts[0]?.body ?? "");
  expect(rest).toEqual({
    receiver: "sluicegate",
    status: "firing",
    groupLabels: { site: "plant-a" },
    commonLabels: { alertname: "FreezerWarm", alertgroup: "cold_chain", site: "plant-a" },
    commonAnnotations: {},
    externalURL: "",
    version: "4",
    groupKey: "site=plant-a",
    truncatedAlerts: 2,
  });
  expect(alerts.map(({ endsAt, status }: Record<string, string>) => [status, endsAt])).toEqual([
    ["firing", "0001-01-01T00:00:00Z"],
    ["resolved", expect.stringMatching(/^2/)],
  ]);
});

describe("what a service answers", () => {
  const plain = noticeOf([one]);
  const answers =
    (body: string, status = 200) =>
    (): HookAnswer => ({ status, body });

  test.each([
    ["telegram", '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}', true],
    ["telegram", '{"ok":false,"error_code":200}', undefined],
    ["slack", '{"success": false, "error": "no"}', undefined],
    ["slack", '{"ok":false}', undefined],
    [
      "teams",
      "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429",
      undefined,
    ],
  ] as const)(
    "is not taken for a delivery by %s where its body denies it: %s",
    async (...given) => {
      const [kind, body, misconfigured] = given;
      const { delivery } = await tell(kind, plain, answers(body));
      expect(delivery.kind).toBe("failed");
      if (misconfigured) expect(delivery).toMatchObject({ misconfigured });
    },
  );

  test.each(["ok", "1", '{"ok":true,"result":{"text":"false"}}', '{"success":true}'])(
    "is a delivery where it is %s",
    async (body) => {
      for (const kind of ["telegram", "slack", "teams"] as const)
        expect((await tell(kind, plain, answers(body))).delivery).toEqual({ kind: "delivered" });
    },
  );

  test("rests for as long as is asked for within bounds, also where 200 stands before it", async () => {
    const body = '{"ok":false,"error_code":429,"parameters":{"retry_after":315360000}}';
    const { delivery } = await tell("telegram", plain, answers(body));
    expect(delivery).toMatchObject({ kind: "failed", restMs: 15 * 60_000 });
  });

  const secretPath = "/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX?sig=abcdefghijkl";
  test.each(["slack", "teams", "telegram"] as const)(
    "shows nobody the address of %s, however the other side says it again",
    async (kind) => {
      const told = "x".repeat(150);
      const parts = [secretPath, token, encodeURIComponent(token), "XXXXXXXXXXXXXXXXXXXXXXXX"];
      for (const part of parts) {
        const body =
          kind === "telegram" ? JSON.stringify({ description: told + part }) : told + part;
        const { delivery } = await tell(kind, plain, answers(body, 404), secretPath);
        const said = JSON.stringify(delivery);
        const isTold = kind === "telegram" ? part.includes("AAH") : !part.includes("AAH");
        if (isTold) expect(said).not.toMatch(/XXXX|abcdefgh|AAHdq|110201543/);
        expect(said).toContain("xxx");
      }
    },
  );

  test("calls nobody of a channel by the name of a device", async () => {
    const { body } = await tell("slack", noticeOf([hostile]));
    expect(body).not.toContain("@all");
    const mail = transition("f1", 1, 1, { annotations: { summary: "ask ops@example.org" } });
    expect((await tell("slack", noticeOf([mail]))).body).toContain("ops@example.org");
  });
});
