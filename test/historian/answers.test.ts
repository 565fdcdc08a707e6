/** Answers as the servers write them: InfluxDB 1.6.7 and 2.7.12 have said these, 3.x by its own tests. */
import { expect, test } from "vitest";
import { judgeWrite } from "../../src/historian/write-outcome.ts";

const judge = (status: number, body: object | string) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return judgeWrite({ status, body: text, retryAfter: undefined }, 0);
};

const oldest =
  "oldest point samples,device=a at 1970-01-01T00:00:00.000000005Z dropped because it violates a Retention Policy Lower Bound at 2026-11-28T18:15:10.7Z";
const outside = (tooOld: number, all: number) =>
  `failure writing points to database: partial write: dropped ${tooOld} points outside retention policy of duration 24h0m0s - ${oldest}, newest ${oldest.slice(7)} dropped=${all} for database: 5bab21ebb8a6f642 for retention policy: autogen`;

test.each([
  [400, { error: "partial write: points beyond retention policy dropped=2" }, 2],
  [422, { code: "unprocessable entity", message: outside(3, 3) }, 3],
  // Of 2.0: telegraf wrote it again for ever.
  [
    500,
    {
      code: "internal error",
      message:
        "unexpected error writing points to database: partial write: points beyond retention policy dropped=139",
    },
    139,
  ],
])("points that are too old are done with, by %i", (status, body, points) => {
  expect(judge(status, body)).toEqual({ kind: "expired", points });
});

const conflict =
  'partial write: field type conflict: input field "value" on measurement "samples" is type string, already exists as type float dropped=1';

test.each([
  [400, { error: conflict }, 1, "field type conflict"],
  [
    400,
    { error: "partial write: max-series-per-database limit exceeded: (3) dropped=5" },
    5,
    "max-",
  ],
  [422, { message: `failure writing points to database: ${conflict}` }, 1, "already exists"],
  [422, { message: outside(1, 2) }, undefined, "outside retention"],
  [400, { message: "unable to parse 'garbage': missing fields" }, undefined, "garbage"],
  [
    400,
    {
      error: "partial write of line protocol occurred",
      data: [
        {
          error_message: "No fields were provided",
          line_number: 2,
          original_line: "cpu,host=a val= 123",
        },
      ],
    },
    undefined,
    "occurred: No fields were provided",
  ],
  [
    422,
    {
      error: "partial write of line protocol occurred",
      data: [{ error_message: "Update to schema would exceed number of tables" }],
    },
    undefined,
    "exceed number of tables",
  ],
  [400, { error: "line protocol parsing error", data: { error_message: "x" } }, undefined, ": x"],
  [201, "", undefined, "a part of the points"],
])("points that are never taken are found by writing again, by %i", (status, body, points, why) => {
  const outcome = judge(status, body);
  expect(outcome).toMatchObject({ kind: "refused", points });
  expect(outcome).toHaveProperty("reason", expect.stringContaining(why));
});

test.each([
  [404, { error: 'database not found: "sluicegate"' }],
  [500, { error: "retention policy not found: sluicegate" }],
  [404, { code: "not found", message: "no dbrp mapping found" }],
  [404, { code: "not found", message: 'bucket "sluicegate" not found' }],
])("a database that is not there is made or asked for, by %i", (status, body) => {
  expect(judge(status, body)).toMatchObject({ kind: "no-database" });
});

test.each([
  [200, "<html>Sign in</html>", "something else answers"],
  [301, "", "something else answers"],
  [400, "remoteAddr: x; requestURI: /wrong?db=x&parse; unsupported path", "unsupported path"],
  [400, "<html>could not parse</html>", "could not parse"],
  [400, { error: "invalid character in database or rp name" }, "invalid character"],
  [500, { error: "timeout" }, "timeout"],
  [404, "404 page not found", "look at historian.url"],
  [404, { error: 'x "database not found" y' }, "look at historian.url"],
  // The name of a device may say anything.
  [401, { error: "partial write: points beyond retention policy dropped=9" }, "credentials"],
])("what is not about points costs none, by %i", (status, body, why) => {
  const outcome = judge(status, body);
  expect(outcome).toMatchObject({ kind: "trouble" });
  expect(outcome).toHaveProperty("reason", expect.stringContaining(why));
});

test("a database that was too slow says so itself, or a proxy does", () => {
  expect(judge(500, { error: "timeout" })).toMatchObject({ kind: "trouble", isLate: true });
  expect(judge(504, "<html>504</html>")).toMatchObject({ kind: "trouble", isLate: true });
  expect(judge(502, "<html>502</html>")).toMatchObject({ kind: "trouble", isLate: false });
});

test("an answer that is cut off says what it begins with", () => {
  const line = `unable to parse 'samples,device=a value=': missing`;
  const whole = JSON.stringify({ error: `partial write: ${line}\n`.repeat(900) });
  expect(judge(400, whole.slice(0, 16_384))).toMatchObject({ kind: "refused", points: undefined });
});
