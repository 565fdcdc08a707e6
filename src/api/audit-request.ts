/** What a request was, for the audit log. */
import type { AuditFacts } from "../core/audit.ts";
import { isObject } from "../core/is-object.ts";
import type { Problem } from "./problem.ts";

export interface AuditedRequest {
  /** `/alerts/{instance}/ack`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Undefined: nobody who is known. */
  readonly by: string | undefined;
  readonly from: string;
}

const longest = 200;

/** The name of what was to be done: the last word of the path that is not a parameter. */
function actionOf(path: string): string {
  const words = path.split("/").filter((word) => word !== "" && !word.startsWith("{"));
  return words.at(-1) ?? path;
}

export function auditDone(request: AuditedRequest, answer: unknown): AuditFacts {
  const event = isObject(answer) && typeof answer["event"] === "string" ? answer["event"] : null;
  const said = [reasonIn(request.body), event && `event ${event}`].filter(Boolean).join("; ");
  return { ...factsOf(request, answer), outcome: "done", text: said === "" ? null : said };
}

export function auditRefused(request: AuditedRequest, { status, title }: Problem): AuditFacts {
  const outcome = status >= 500 ? "failed" : "refused";
  return { ...factsOf(request, undefined), outcome, text: title.slice(0, longest) };
}

function factsOf({ body, by, from, params, path }: AuditedRequest, answer: unknown) {
  // Who signs in is known by the answer; who tries to, by what they say.
  const name = [answer, body].map(nameIn).find((one) => one !== undefined);
  const isSignIn = path === "/sign-in";
  const target = isSignIn ? [] : [...Object.values(params), targetIn(body)].filter(Boolean);
  return {
    by: (by ?? (isSignIn ? name : undefined) ?? "nobody").slice(0, longest),
    from,
    action: actionOf(path),
    target: target.length > 0 ? target.join(" ").slice(0, longest) : null,
  };
}

function nameIn(value: unknown): string | undefined {
  return isObject(value) && typeof value["name"] === "string" ? value["name"] : undefined;
}

/** The device or topic that a body is about; nothing else of it, which may be a secret. */
function targetIn(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  const named = ["device", "command", "topic"].map((field) => body[field]);
  return named.filter((one) => typeof one === "string").join(" ") || undefined;
}

function reasonIn(body: unknown): string | undefined {
  const reason = isObject(body) ? body["reason"] : undefined;
  return typeof reason === "string" ? reason.slice(0, longest) : undefined;
}
