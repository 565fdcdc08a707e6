/** Runs the examples of commands: what leaves, and what an answer means. */
import type { Fault } from "../../core/fault.ts";
import { toDeviceId } from "../../core/ids.ts";
import { noAttributes } from "../../core/message.ts";
import type { KnownDevice } from "../known-device.ts";
import type { Profile } from "../profile.ts";
import { nameDevice } from "../topics/device-name.ts";
import type { CommandExample, CommandMapping } from "./command-mapping.ts";
import { makeReady, type ReadyCommand } from "./ready-command.ts";

/** Every difference between what the examples expect and what comes out, with its path in the file. */
export function checkCommands(profile: Profile): Fault[] {
  const { commands = [] } = profile;
  return commands.flatMap((command, at) =>
    command.examples.flatMap((example, nth) =>
      differences(profile, command, example).map(({ field, message }) => ({
        code: "profile.failed-example" as const,
        path: ["commands", at, "examples", nth, ...field],
        message,
      })),
    ),
  );
}

interface Difference {
  readonly field: readonly (string | number)[];
  readonly message: string;
}

function differences(
  profile: Profile,
  command: CommandMapping,
  example: CommandExample,
): Difference[] {
  const device = deviceOf(profile, example.device);
  const ready = makeReady(device, command, example);
  if ("problem" in ready)
    return example.problem !== undefined && ready.problem.includes(example.problem)
      ? []
      : [{ field: ["problem"], message: `it cannot be sent: ${ready.problem}` }];
  if (example.problem !== undefined)
    return [{ field: ["problem"], message: `expected "${example.problem}", but it can be sent` }];
  return [...ofWrite(ready, example), ...ofAnswers(ready, device, example)];
}

function ofWrite({ write }: ReadyCommand, example: CommandExample): Difference[] {
  const found: Difference[] = [];
  const check = (field: string, expected: unknown, actual: unknown): void => {
    if (expected === undefined || JSON.stringify(expected) === JSON.stringify(actual)) return;
    const message = `expected ${field} ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
    found.push({ field: [field], message });
  };
  const { hex, payload, registers, topic } = example;
  const bytes = write.kind === "registers" ? undefined : Buffer.from(write.payload);
  check("topic", topic, write.kind === "message" ? write.topic : undefined);
  check("payload", payload, typeof payload === "string" ? bytes?.toString() : jsonOf(bytes));
  check("hex", hex, bytes?.toString("hex"));
  check("registers", registers, write.kind === "registers" ? write.values : undefined);
  if ([hex, payload, registers].every((one) => one === undefined))
    found.push({ field: [], message: "an example says what leaves: payload, hex or registers" });
  return found;
}

function jsonOf(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString() ?? "");
  } catch {
    return undefined;
  }
}

function ofAnswers(
  { answerIn }: ReadyCommand,
  device: KnownDevice,
  { answers }: CommandExample,
): Difference[] {
  return answers.flatMap(({ payload, state, text, topic = "" }, at): Difference[] => {
    const answer = answerIn?.({
      ...{ source: "example", address: topic, client: undefined, receivedMs: 0 },
      payload: Buffer.from(payload),
      device: device.id,
      attributes: noAttributes,
    });
    const found = answer === undefined ? "none" : answer.accepted ? "acknowledged" : "refused";
    if (found !== state)
      return [{ field: ["answers", at, "state"], message: `expected ${state}, found ${found}` }];
    return text === undefined || text === answer?.text
      ? []
      : [
          {
            field: ["answers", at, "text"],
            message: `expected "${text}", found "${answer?.text}"`,
          },
        ];
  });
}

/** A device that was discovered by its topic, or, without topics, is configured. */
function deviceOf(profile: Profile, word: string): KnownDevice {
  const words = new Map(profile.naming.words.map((name) => [name, `${name}-1`]));
  const id = nameDevice(profile.naming, new Map([...words, ["device", word]]));
  return profile.topics.length + profile.status.length === 0
    ? { id: toDeviceId(word), word: undefined, profile, configured: undefined }
    : { id: toDeviceId(id), word, profile, configured: undefined };
}
