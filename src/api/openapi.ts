/**
 * The document of the API (OpenAPI 3.1), made of the routes that are served: what it says is what is
 * checked.
 */
import * as z from "zod";
import type { Needed, Route } from "./route.ts";
import { problemShape } from "./shapes/problem.ts";
import { apiRoot } from "./web-parts.ts";

type Json = Readonly<Record<string, unknown>>;

const problem = {
  description: "It was not done; `code` says why.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** The whole document, for the routes that a process has. */
export function openApiOf(routes: readonly Route[], version: string): Json {
  const paths = new Map<string, Json>();
  for (const route of [...routes].sort((a, b) => (a.path < b.path ? -1 : 1)))
    paths.set(route.path, { ...paths.get(route.path), [route.method]: operationOf(route) });
  return {
    openapi: "3.1.0",
    info: {
      title: "Sluicegate",
      version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: apiRoot }],
    paths: { ...Object.fromEntries(paths), "/stream": { get: stream } },
    components: {
      schemas: { Problem: schemaOf(problemShape, "output") },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "sluicegate-<port>" },
        token: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function operationOf({ method, needs, path, schemas, summary }: Route): Json {
  const words = path.split("/").filter((word) => word !== "");
  const isWrite = method !== "get";
  return {
    operationId: [method, ...words.map(toCapital)].join(""),
    tags: [words[0] ?? "api"],
    summary,
    "x-role": needs,
    security: securityOf(needs),
    parameters: [
      ...parametersOf("path", schemaOf(schemas.params, "input")),
      ...parametersOf("query", schemaOf(schemas.query, "input")),
      ...(isWrite ? [ownHeaderParameter] : []),
    ],
    ...(isWrite && {
      requestBody: { content: jsonOf(schemaOf(schemas.body, "input")) },
    }),
    responses: {
      "200": { description: "Done.", content: jsonOf(schemaOf(schemas.answer, "output")) },
      default: problem,
    },
  };
}

const ownHeaderParameter = {
  name: "x-sluicegate",
  in: "header",
  required: false,
  description: "Any value; needed with a session, so that other pages cannot write.",
  schema: { type: "string" },
};

const stream: Json = {
  operationId: "getStream",
  tags: ["stream"],
  summary: "What changes, as server-sent events: snapshot, delta, gap, bye.",
  "x-role": "viewer",
  security: securityOf("viewer"),
  parameters: [
    {
      name: "topics",
      in: "query",
      required: true,
      description: "Names with commas between them: status, devices, alerts, live:normalized, ...",
      schema: { type: "string" },
    },
    {
      name: "after",
      in: "query",
      description: "Id of the last frame that was seen of the same topics.",
      schema: { type: "string" },
    },
  ],
  responses: {
    "200": {
      description:
        'Each `data` is `{"topic": name, "data": rows by key}`; null is a row that is gone.',
      content: { "text/event-stream": { schema: { type: "string" } } },
    },
    default: problem,
  },
};

function securityOf(needs: Needed): readonly Json[] {
  return needs === "anybody" ? [] : [{ session: [] }, { token: [] }];
}

function parametersOf(place: "path" | "query", schema: Json): readonly Json[] {
  const properties = isJson(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: of,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

function jsonOf(schema: Json): Json {
  return { "application/json": { schema } };
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `{device}` and `out-of-service` as parts of a name. */
function toCapital(word: string): string {
  return word
    .split(/[^a-z0-9]+/i)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
}
