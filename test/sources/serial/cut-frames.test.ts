/** Frames of simulated devices that are cut at each place: none costs the whole one behind it. */
import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { sleep } from "../../../src/core/clock.ts";
import { talkers } from "../../../src/simulate/lines/families.ts";
import type { LineFamily } from "../../../src/simulate/lines/line-family.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { openFramer } from "../../../src/sources/serial/open-framer.ts";
import { serialOptions } from "../../../src/sources/serial/options.ts";
import { openSerialSource } from "../../../src/sources/serial/serial-source.ts";
import { lineSource } from "../../support/line-sources.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { RecordingSink } from "../../support/mqtt-broker.ts";
import { sourceSurroundings } from "../../support/source-surroundings.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { framerOf, RecordingEar } from "./recording-ear.ts";

/** Those whose frames begin with bytes of their own. */
const families = talkers.filter(({ name }) =>
  ["dsmr", "sml", "d0", "pms5003", "sds011"].includes(name),
);

async function framesOf(family: LineFamily, count: number): Promise<readonly Buffer[]> {
  const clock = new ManualClock();
  const frames: Buffer[] = [];
  let number = 0;
  const device = family.open(
    { write: ({ bytes }) => frames.push(Buffer.from(bytes)), onData: () => {} },
    {
      ...{ clock, everyMs: 1_000, random: createSeededRandom("cut"), goesWrong: () => false },
      nextNumber: () => ++number,
    },
  );
  while (frames.length < count) await clock.advance(1_000);
  device.off();
  return frames;
}

function optionsOf(family: LineFamily, path: string) {
  return serialOptions.parse(lineSource(family.name, path));
}

it.each(families.map((family) => [family.name, family] as const))("of %s", async (_, family) => {
  const [first = Buffer.alloc(0), ...others] = await framesOf(family, 60);
  const options = optionsOf(family, "tcp://127.0.0.1:1");
  const isNearEnd = (length: number): boolean => length < 20 || first.length - length < 20;
  const lengths = Array.from({ length: first.length - 1 }, (_, at) => at + 1);
  for (const pieceBytes of [1, 4_096])
    for (const length of lengths.filter((one) => isNearEnd(one) || one % 7 === 0)) {
      const ear = new RecordingEar();
      const framer = openFramer({ ...options, maxBytes: options.limits.max_frame }, ear);
      framer.begin(true);
      const whole = others.slice(length % 40, (length % 40) + 3);
      const bytes = Buffer.concat([first.subarray(0, length), ...whole]);
      for (let at = 0; at < bytes.length; at += pieceBytes)
        framer.take(bytes.subarray(at, at + pieceBytes));
      const found = ear.frames.map((frame) => frame.toString("latin1").trimEnd());
      const said = whole.map((frame) => frame.toString("latin1").trimEnd());
      expect(found.slice(-3), `${length} bytes in pieces of ${pieceBytes}`).toEqual(said);
    }
});

it("is not counted where the last byte of a telegram is as the first of the next", () => {
  const { ear, framer } = framerOf({
    framing: { kind: "telegram", start: "/", end: { hex: "03" }, tail: 1 },
  });
  for (const piece of ["/a\x03/", "/b\x03", "/", "/c\x03x", "/d\x03"])
    framer.take(Buffer.from(piece));
  framer.take(Buffer.from("/e\x03y"));
  expect(ear.frames.map(String)).toEqual(["/a\x03/", "/b\x03/", "/c\x03x", "/d\x03/", "/e\x03y"]);
  expect(ear.damages).toEqual([]);
});

it("goes through the real source in any pieces, whole and in order", async () => {
  const family = families.find(({ name }) => name === "d0") ?? talkers[0];
  if (family === undefined) throw new Error("no family is there");
  const frames = await framesOf(family, 400);
  const random = createSeededRandom("pieces");
  const bytes = Buffer.concat(frames);
  const server = createServer(async (socket) => {
    socket.setNoDelay(true);
    await sleep(systemClock, 150);
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + Math.floor(random() * 200);
      socket.write(bytes.subarray(at, at + length));
      at += length;
      if (random() < 0.3) await sleep(systemClock, Math.floor(random() * 4));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const sink = new RecordingSink();
  const source = openSerialSource(
    optionsOf(family, `tcp://127.0.0.1:${port}`),
    sourceSurroundings({ sink }),
  );
  onTestFinished(() => source.stop());
  await waitUntil(() => sink.messages.length >= frames.length, "all is handed over");
  expect(sink.messages.map(({ payload }) => Buffer.from(payload).toString("latin1"))).toEqual(
    frames.map((frame) => frame.toString("latin1")),
  );
});
