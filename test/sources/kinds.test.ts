/** What every kind of source promises: held against all entries of the table. */
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundleSettings } from "../../deploy/bundle-settings.ts";
import type { Fault } from "../../src/core/fault.ts";
import type { Source } from "../../src/core/message.ts";
import { sourceKinds } from "../../src/sources/kinds.ts";
import type { EntryReading, SourceKind } from "../../src/sources/source-kind.ts";
import { RecordingSink } from "../support/mqtt-broker.ts";
import { noAgain } from "../support/no-again.ts";
import { sourceSurroundings } from "../support/source-surroundings.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { SourceTrial } from "./source-trial.ts";

async function trialOf({ name }: SourceKind): Promise<SourceTrial> {
  const { trial }: { trial: SourceTrial } = await import(`./${name}/trial.ts`);
  return trial;
}

async function open(kind: SourceKind, sink: RecordingSink): Promise<Source> {
  const reading: EntryReading = {
    report: (fault) => expect.fail(fault.message),
    read: async () => undefined,
    again: noAgain,
    bytes: async () => undefined,
  };
  const load = await kind.load((await trialOf(kind)).entry, reading);
  if (load === undefined) throw new Error("there is nothing to open");
  const source = await load(sourceSurroundings({ sink }));
  onTestFinished(() => source.stop());
  return source;
}

/** The packages that come with a file, without those that it imports when they are needed. */
async function packagesOf(entry: string): Promise<string[]> {
  const settings = { ...bundleSettings, entryPoints: [entry], outdir: "out", splitting: true };
  const { metafile } = await build({ ...settings, write: false });
  const first = Object.keys(metafile.outputs).find(
    (path) => metafile.outputs[path]?.entryPoint === entry,
  );
  const chunks = new Set([first ?? ""]);
  const packages = new Set<string>();
  for (const chunk of chunks) {
    const output = metafile.outputs[chunk];
    for (const { kind, path } of output?.imports ?? [])
      if (kind === "import-statement") chunks.add(path);
    for (const path of Object.keys(output?.inputs ?? {})) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
      if (name !== undefined) packages.add(name);
    }
  }
  return [...packages];
}

const payloads = Array.from({ length: 20 }, (_, at) => `{"n":${at}}`);

describe.each(sourceKinds.map((kind): [string, SourceKind] => [kind.name, kind]))(
  "a source of the kind %s",
  (_, kind) => {
    it("has a name and an address once it is open, and holds nobody back", async () => {
      const source = await open(kind, new RecordingSink());
      expect(source).toMatchObject({ holding: false, refusals: [] });
      expect(source.name).toMatch(/\S/);
      expect(source.address).toMatch(/\S/);
    });

    it("hands over what it is given, whole and in order", async () => {
      const { send } = await trialOf(kind);
      if (!send) return;
      const sink = new RecordingSink();
      const source = await open(kind, sink);
      const sinceMs = Date.now();
      await send(source, payloads);
      await waitUntil(() => sink.payloads.length === payloads.length, "all is handed over");
      expect(sink.payloads).toEqual(payloads);
      for (const { address, receivedMs, source: from } of sink.messages) {
        expect(from).toBe(source.name);
        expect(address).toMatch(/\S/);
        expect(receivedMs).toBeGreaterThanOrEqual(sinceMs);
      }
    });

    it("lets nobody forget what is not on disk", async () => {
      const { acknowledges, send } = await trialOf(kind);
      if (!send || !acknowledges) return;
      const sink = new RecordingSink();
      sink.stalled = true;
      const source = await open(kind, sink);
      let forgotten = false;
      const three = payloads.slice(0, 3);
      const sent = send(source, three).then(() => {
        forgotten = true;
      });
      await waitUntil(() => sink.waiting === three.length, "all is handed over");
      sink.ackAll(three.length - 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(forgotten).toBe(false);
      sink.ackAll();
      await sent;
    });

    it("is not open to other machines as long as it asks nobody who he is", async () => {
      if (!("listen" in kind.options.shape)) return;
      const faults: Fault[] = [];
      await kind.load(
        { ...(await trialOf(kind)).entry, listen: "0.0.0.0:0" },
        {
          report: (fault) => faults.push(fault),
          read: async () => undefined,
          again: noAgain,
          bytes: async () => undefined,
        },
      );
      expect(faults).toMatchObject([{ code: "config.anonymous-source", path: ["listen"] }]);
    });

    it("stops as often as it is told to, and hands over nothing afterwards", async () => {
      const { send } = await trialOf(kind);
      const sink = new RecordingSink();
      const source = await open(kind, sink);
      await Promise.all([source.stop(), source.stop()]);
      await source.stop();
      await send?.(source, payloads).catch(() => {});
      expect(sink.messages).toEqual([]);
    });
  },
);

describe("the table of kinds", () => {
  it("brings no package but that of the schemas: others come with a source that is opened", async () => {
    expect(await packagesOf("src/sources/kinds.ts")).toEqual(["zod"]);
  });
});
