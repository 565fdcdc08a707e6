/** Answers as they go out. */
import type { Problem } from "./problem.ts";
import { neverKept, securityHeaders } from "./security-headers.ts";

export function answerProblem(problem: Problem): Response {
  const { retryAfterS, status } = problem;
  const response = answer(status, "application/problem+json", JSON.stringify(problem));
  if (retryAfterS !== undefined) response.headers.set("retry-after", String(retryAfterS));
  return response;
}

export function answerJson(value: unknown): Response {
  return answer(200, "application/json", JSON.stringify(value));
}

export function answerText(status: number, text: string): Response {
  return answer(status, "text/plain; charset=utf-8", text);
}

function answer(status: number, type: string, body: string): Response {
  const headers = { ...securityHeaders, ...neverKept, "content-type": type };
  return new Response(body, { status, headers });
}
