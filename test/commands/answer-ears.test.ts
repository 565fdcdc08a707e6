import { describe, expect, test } from "vitest";
import { AnswerEars } from "../../src/commands/answer-ears.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { noAttributes, type RawMessage } from "../../src/core/message.ts";

function messageAt(address: string, device?: string): RawMessage {
  return {
    ...{ source: "test", address, receivedMs: 0, client: undefined, attributes: noAttributes },
    payload: new Uint8Array(),
    device: device === undefined ? undefined : toDeviceId(device),
  };
}

class World {
  readonly ears = new AnswerEars();
  readonly asked: string[] = [];
  readonly heard: string[] = [];

  listen(name: string, answersAt?: readonly string[], takes = true) {
    const ear = {
      answersAt,
      answerIn: () => {
        this.asked.push(name);
        return takes ? { accepted: true } : undefined;
      },
      hear: () => this.heard.push(name),
    };
    this.ears.add(ear);
    return ear;
  }
}

describe("commands that wait for their answer", () => {
  test("are asked about messages of their own places only, however many listen", () => {
    const world = new World();
    for (let nth = 0; nth < 1_000; nth += 1) {
      world.listen(`topic-${nth}`, [`stat/box-${nth}/RESULT`], false);
      world.listen(`level-${nth}`, [`shellies/box-${nth}/relay/`], false);
      world.listen(`line-${nth}`, [`meter-${nth}`], false);
    }
    for (const message of [
      messageAt("stat/box-7/RESULT"),
      messageAt("stat/box-7/RESULT/more"),
      messageAt("stat/box-7"),
      messageAt("shellies/box-8/relay/0"),
      messageAt("shellies/box-8/relay"),
      messageAt("shellies/box-8/input/0"),
      messageAt("serial/port", "meter-9"),
      messageAt("serial/port", "meter-other"),
      messageAt("/".repeat(65_535)),
    ])
      world.ears.hear(message);
    expect(world.asked).toEqual(["topic-7", "level-8", "line-9"]);
  });

  test("hear anything where nobody can say where their answer comes in", () => {
    const world = new World();
    world.listen("anywhere");
    world.listen("deep", [`${"a/".repeat(20)}`]);
    world.ears.hear(messageAt("b"));
    world.ears.hear(messageAt(`${"a/".repeat(20)}b`));
    expect(world.heard).toEqual(["anywhere", "anywhere"]);
    expect(world.asked).toEqual(["anywhere", "anywhere"]);
  });

  test("are passed by once they are gone, and each answer is for one of them", () => {
    const world = new World();
    const [first] = [world.listen("first", ["a/b"]), world.listen("second", ["a/b"])];
    world.ears.hear(messageAt("a/b"));
    world.ears.remove(first);
    world.ears.hear(messageAt("a/b"));
    expect(world.heard).toEqual(["first", "second"]);
  });

  test("take what a broker had kept for no answer", () => {
    const world = new World();
    world.listen("one", ["a/b"]);
    world.ears.hear({ ...messageAt("a/b"), attributes: { retained: true } });
    expect(world.asked).toEqual([]);
  });
});
