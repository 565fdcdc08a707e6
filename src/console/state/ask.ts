/** Questions to the web server, and what is to be done. What goes wrong comes as a value. */

import { signal } from "@preact/signals";
import type { Problem } from "../../api/problem.ts";
import { noteServerTime } from "./now.ts";

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** True as soon as an answer said that nobody is signed in (any more). */
export const isSignedOut = signal(false);

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Asks for what there is: `ask<DeviceList>("/devices", { filter })`. The path is below `/api/v1`. */
export function ask<T>(path: string, query: Query = {}, stop?: AbortSignal): Promise<Answer<T>> {
  return request<T>(apiHref(path, query), stop ? { signal: stop } : {});
}

/** Has something done: `tell<EventMade>("/alerts/…/ack", { reason })`. */
export function tell<T>(path: string, body: object = {}): Promise<Answer<T>> {
  return request<T>(apiHref(path), {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "x-sluicegate": "1" },
  });
}

/** Where something of the interface is, for a link that downloads it. */
export function apiHref(path: string, query: Query = {}): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(parts).toString();
  return `/api/v1${path}${text === "" ? "" : `?${text}`}`;
}

async function request<T>(href: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const response = await fetch(href, { ...init, credentials: "same-origin", cache: "no-store" });
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) noteServerTime(date);
    if (response.ok) return { ok: true, value: await response.json() };
    const problem = await problemOf(response);
    if (problem.code === "sign-in.needed") isSignedOut.value = true;
    return { ok: false, problem };
  } catch (thrown) {
    const isStopped = thrown instanceof DOMException && thrown.name === "AbortError";
    return { ok: false, problem: isStopped ? stopped : unreachable };
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const other: Problem = {
    status: response.status,
    code: "answer.unknown",
    title: `the server answered ${response.status} ${response.statusText}`.trim(),
    advice: "Try again; the journal of the process says what happened.",
  };
  try {
    const said: Partial<Problem> = await response.json();
    return { ...other, ...said };
  } catch {
    return other;
  }
}

/** Of a question that is not asked any more. */
const stopped: Problem = { status: 0, code: "stopped", title: "the question was taken back" };

const unreachable: Problem = {
  status: 0,
  code: "unreachable",
  title: "the server of this page does not answer",
  advice: "Check that the process runs and that this device is in its network; then try again.",
};
