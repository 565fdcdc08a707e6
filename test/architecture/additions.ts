/** What somebody adds who knows nothing of the house: something that does nothing of each sort. */
/** What is added: the files, the table with its line, and what the line needs to be understood. */
export interface Addition {
  readonly files: Readonly<Record<string, string>>;
  readonly table: string;
  /** What stands behind the last entry of the table. */
  readonly end: RegExp;
  readonly entry: string;
  /** What the entry needs to be understood. */
  readonly imports: string;
}

export const additions: Readonly<Record<string, Addition>> = {
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
    end: /,?\s*\] as const;/,
    entry: ", nothing",
    imports: 'import { nothing } from "./nothing/kind.ts";\n',
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
    end: /,?\s*\];/,
    entry: ", length",
    imports: 'import { length } from "./codecs/length.ts";\n',
  },
  "a kind of receiver": {
    files: {
      "src/notify/receivers/nobody.ts": `import * as z from "zod";
import { secretReference } from "../../schema/secret-reference.ts";
import { receiverKind } from "../receiver-kind.ts";

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
    end: /,?\s*\] as const;/,
    entry: ", nobody",
    imports: 'import { nobody } from "./receivers/nobody.ts";\n',
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
    end: /\n\} satisfies/,
    entry: '\n  idler: async () => (await import("./open-idler.ts")).openIdler,',
    imports: "",
  },
};

/** The table with what is added to it, not yet in the form that the formatter gives it. */
export function withEntry(text: string, { end, entry, imports }: Addition): string {
  return text
    .replace(end, (found) => entry + found)
    .replace(/^import /m, (found) => imports + found);
}
