/**
 * A route as data: what the server checks, what it serves and what the OpenAPI document says are made
 * from this one place, so none of them can be another's lie.
 */
import * as z from "zod";
import { checkSchema } from "../schema/schema-faults.ts";
import type { ConsoleRole, Principal } from "./principal.ts";
import { RequestProblem } from "./problem.ts";

/** Of a request that has no parameters, query or body. */
export const nothing = z.strictObject({});

/** What a route is asked, checked. */
export interface RouteRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Undefined only where the route serves anybody. */
  readonly principal: Principal | undefined;
  readonly visitor: Visitor;
  /** Aborted when whoever asked is gone. */
  readonly signal: AbortSignal;
}

/** From where somebody asks, whoever it is. */
export interface Visitor {
  /** Of the machine that asks, as far as is known. */
  readonly address: string;
  /** The session id that the browser sent; it may be of no session. */
  readonly sessionId: string | undefined;
  /** The browser keeps this id from now on, or none. */
  setSession(id: string | undefined): void;
}

/** Who may ask: anybody, or who has at least that role. */
export type Needed = ConsoleRole | "anybody";

interface RouteFacts {
  /** `get` changes nothing; everything else is refused to other pages of a browser. */
  readonly method: "get" | "post";
  /** Below `/api/v1`, with parameters in braces: `/devices/{device}`. */
  readonly path: string;
  /** A sentence: what it gives or does. */
  readonly summary: string;
  readonly needs: Needed;
  /** It may read much of the past: few are served at the same time, and the others wait. */
  readonly readsMuch?: boolean;
}

/** As rooms write it. What takes nothing says `nothing`. */
export interface RouteForm<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
> extends RouteFacts {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly answer: A;
  serve(request: RouteRequest<z.output<P>, z.output<Q>, z.output<B>>): Promise<z.input<A>>;
}

/** As the server and the document use it: unknown goes in, checked by the schemas. */
export interface Route extends RouteFacts {
  readonly schemas: {
    readonly params: z.ZodType;
    readonly query: z.ZodType;
    readonly body: z.ZodType;
    readonly answer: z.ZodType;
  };
  /** Gives the answer; throws `RequestProblem` where a schema refuses what is asked. */
  serve(request: RouteRequest<unknown, unknown, unknown>): Promise<unknown>;
}

/** Makes a route of its form. */
export function route<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(form: RouteForm<P, Q, B, A>): Route {
  const { answer, body, method, needs, params, path, query, readsMuch = false, summary } = form;
  return {
    ...{ method, needs, path, readsMuch, summary },
    schemas: { params, query, body, answer },
    serve: (asked) => {
      const checked = {
        params: check(params, asked.params, "path"),
        query: check(query, asked.query, "query"),
        body: check(body, asked.body, "body"),
      };
      return form.serve({ ...asked, ...checked });
    },
  };
}

/** Of faults that are told; somebody who writes more of them is not helped by more of them. */
const mostFaults = 10;
const longestText = 300;

function check<S extends z.ZodType>(schema: S, value: unknown, part: string): z.output<S> {
  const checked = checkSchema<z.output<S>>(schema, part, value, false, mostFaults);
  if (checked.ok) return checked.value;
  const fields = checked.faults.slice(0, mostFaults).map(({ hint, message, path }) => ({
    path: [part, ...path].join(".").slice(0, longestText),
    message: (hint === undefined ? message : `${message}; ${hint}`).slice(0, longestText),
  }));
  const title = fields.map((field) => `${field.path} ${field.message}`).join("; ");
  throw new RequestProblem({ status: 400, code: "request.invalid", title, fields });
}
