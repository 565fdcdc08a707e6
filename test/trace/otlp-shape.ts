/** What a request of OTLP over HTTP in JSON has to be, as its public specification and protocol say. */
import * as z from "zod";

const hex = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`))
    .refine((id) => !/^0+$/.test(id), "all zero");
const nanos = z.string().regex(/^\d{19}$/);
const anyValue = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ doubleValue: z.number() }),
]);
const attributes = z.array(z.strictObject({ key: z.string().min(1), value: anyValue }));

const span = z
  .strictObject({
    traceId: hex(32),
    spanId: hex(16),
    traceState: z.string().optional(),
    parentSpanId: hex(16).optional(),
    name: z.string().min(1),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    status: z
      .strictObject({ code: z.int().min(0).max(2), message: z.string().optional() })
      .optional(),
  })
  .refine(({ endTimeUnixNano: end, startTimeUnixNano: start }) => BigInt(end) >= BigInt(start));

const request = z.strictObject({
  resourceSpans: z
    .array(
      z.strictObject({
        resource: z.strictObject({ attributes }),
        scopeSpans: z.array(
          z.strictObject({
            scope: z.strictObject({ name: z.string(), version: z.string() }),
            spans: z.array(span).min(1),
          }),
        ),
      }),
    )
    .min(1),
});

export type OtlpSpan = z.infer<typeof span> & { readonly service: string };

/** The spans of a request, each with the service it is of; throws where the request is none. */
export function readOtlp(body: string): OtlpSpan[] {
  return request.parse(JSON.parse(body)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const named = resource.attributes.find(({ key }) => key === "service.name")?.value;
    const service = named && "stringValue" in named ? named.stringValue : "";
    return scopeSpans.flatMap(({ spans }) => spans.map((one) => ({ ...one, service })));
  });
}
