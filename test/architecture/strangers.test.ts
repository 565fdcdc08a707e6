/**
 * Somebody who knows nothing of the house adds a kind of source, a codec, a kind of receiver and a
 * role, in a copy of it: files of their own, and one line in one table each. Nothing else is touched,
 * and all of it works.
 */
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { bundleSettings } from "../../deploy/bundle-settings.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { house, houseWith, runTool } from "../support/house-copy.ts";
import { waitUntil } from "../support/wait-until.ts";

/** What is added: the files, the table with its line, and what the line needs to be understood. */
interface Addition {
  readonly files: Readonly<Record<string, string>>;
  readonly table: string;
  readonly line: readonly [before: string, after: string];
  readonly imports?: readonly [behind: string, line: string];
}

const additions: Readonly<Record<string, Addition>> = {
  "a kind of source": {
    files: {
      "src/sources/nothing/options.ts": `import * as z from "zod";

export const nothingOptions = z.strictObject({
  kind: z.literal("nothing").describe("A way in on which nobody speaks."),
  port: z.string().default("nowhere").describe("Where nobody speaks."),
});
`,
      "src/sources/nothing/kind.ts": `import { sourceKind } from "../source-kind.ts";
import { nothingOptions } from "./options.ts";

export const nothing = sourceKind({
  options: nothingOptions,
  async load({ port }) {
    return async () => {
      const { SilentSource } = await import("./silent-source.ts");
      return new SilentSource(port);
    };
  },
});
`,
      "src/sources/nothing/silent-source.ts": `import type { Source } from "../../core/message.ts";

export class SilentSource implements Source {
  readonly name: string;
  readonly address: string;
  readonly holding = false;
  readonly refusals = [];

  constructor(port: string) {
    this.name = \`nothing \${port}\`;
    this.address = port;
  }

  async stop(): Promise<void> {}
}
`,
    },
    table: "src/sources/kinds.ts",
    line: ["[mqttBroker]", "[mqttBroker, nothing]"],
    imports: ["./mqtt-broker/kind.ts", 'import { nothing } from "./nothing/kind.ts";'],
  },
  "a codec": {
    files: {
      "src/normalize/codecs/length.ts": `import type { BytesCodec } from "./codec.ts";

export const length: BytesCodec = {
  name: "length",
  about: "how many bytes there are",
  reads: "bytes",
  decode: (bytes) => ({ ok: true, value: bytes.length }),
  example: { payload: "00ff", value: 2 },
};
`,
    },
    table: "src/normalize/codecs.ts",
    line: ["[json, text]", "[json, length, text]"],
    imports: ["./codecs/json.ts", 'import { length } from "./codecs/length.ts";'],
  },
  "a kind of receiver": {
    files: {
      "src/notify/receivers/nobody.ts": `import * as z from "zod";
import { receiverKind } from "../receiver-kind.ts";
import { secretReference } from "../secret-reference.ts";

const nobodyOptions = z.strictObject({
  kind: z.literal("nobody").describe("Tells nobody."),
  password: secretReference.optional().describe("What nobody is asked for."),
});

export const nobody = receiverKind(nobodyOptions, async () => ({
  giveUpAfterMs: 60_000,
  deliver: async () => ({ kind: "delivered" }),
}));
`,
    },
    table: "src/notify/receivers.ts",
    line: ["[log, webhook]", "[log, nobody, webhook]"],
    imports: ["./receivers/log.ts", 'import { nobody } from "./receivers/nobody.ts";'],
  },
  "a role": {
    files: {
      "src/app/open-idler.ts": `import type { Role } from "./role.ts";

export async function openIdler(): Promise<Role> {
  return { status: () => ({ idle: true }), stop: async () => {} };
}
`,
    },
    table: "src/app/roles.ts",
    line: [
      "\n} satisfies",
      '\n  idler: async () => (await import("./open-idler.ts")).openIdler,\n} satisfies',
    ],
  },
};

/** A text with what is added to a table; fails when the table has another form by now. */
function withLine(text: string, { imports, line: [before, after], table }: Addition): string {
  expect(text.split(before), `${before} in ${table}`).toHaveLength(2);
  const added = text.replace(before, after);
  if (!imports) return added;
  const [behind, line] = imports;
  return added.replace(`from "${behind}";\n`, (found) => `${found}${line}\n`);
}

/** The lines of a text that another does not have. */
function linesOnlyIn(text: string, other: string): string[] {
  const known = new Set(other.split("\n"));
  return text.split("\n").filter((line) => !known.has(line));
}

const configuration = `gateway: { id: gw1 }
backbone: { servers: ["nats://127.0.0.1:1"] }
sources: [{ kind: nothing }, { kind: nothing, port: elsewhere }]
profiles: { folders: [profiles] }
devices: [{ id: d1, profile: acme/counter }]
notify: { receivers: { quiet: { kind: nobody, password: { env: NOT_SET } } } }
rules: { files: [] }
`;

const profile = `profile: acme/counter
version: 1
about: Something of which only the length is known.
codec: length
time: none
metrics: [{ name: bytes, path: $ }]
examples: [{ topic: t, payload: abc, expect: { metrics: { bytes: 3 } } }]
`;

test("a kind of source, a codec, a kind of receiver and a role are files of their own and a line", async () => {
  const plants: Record<string, string> = {};
  for (const addition of Object.values(additions)) {
    const before = await readFile(join(house, addition.table), "utf8");
    const after = withLine(before, addition);
    // The entry, and the import of what it names.
    expect(linesOnlyIn(after, before)).toHaveLength(addition.imports ? 2 : 1);
    expect(linesOnlyIn(before, after).length).toBeLessThanOrEqual(1);
    Object.assign(plants, addition.files, { [addition.table]: after });
  }
  const copy = await houseWith(plants);

  const judged = await Promise.all([
    runTool(copy, "tsc", "--noEmit"),
    runTool(copy, "biome", "check", "--error-on-warnings", "src"),
    runTool(copy, "tsx", join(house, "test/architecture/check-doors.ts")),
  ]);
  expect(judged.map(([said, code]) => (code === 0 ? "right" : said))).toEqual(
    Array(judged.length).fill("right"),
  );

  await build({
    ...bundleSettings,
    absWorkingDir: copy,
    outdir: join(copy, "dist"),
    splitting: true,
  });
  const program = join(copy, "dist/sluicegate.js");
  const cwd = await openFolder();
  await mkdir(join(cwd, "profiles/acme"), { recursive: true });
  await writeFile(join(cwd, "profiles/acme/counter.yaml"), profile);
  await writeFile(join(cwd, "sluicegate.yaml"), configuration);
  const sluicegate = (...args: string[]) => runCommand(args, { cwd, user: { program, ids: {} } });

  // The kind of receiver has said which of its options is a secret.
  expect(await sluicegate("validate")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("NOT_SET"),
  });

  const running = spawn(process.execPath, [program, "run", "gateway", "idler"], { cwd });
  onTestFinished(() => void running.kill("SIGKILL"));
  const ended = new Promise((resolve) => running.once("close", resolve));
  const answer = await waitUntil(async () => {
    const { status, stdout } = await sluicegate("status", "-o", "json");
    return status === 0 && stdout;
  }, "both roles are up");
  expect(JSON.parse(answer)).toMatchObject({
    gateway: { sources: [{ name: "nothing nowhere" }, { name: "nothing elsewhere" }] },
    idler: { idle: true },
  });
  running.kill("SIGTERM");
  expect(await ended).toBe(0);
});
