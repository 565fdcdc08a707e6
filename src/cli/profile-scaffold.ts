/** `sluicegate profile scaffold`: a profile out of messages. */
import { join } from "node:path";
import { writeNew } from "../app/write-new.ts";
import { GatewayError } from "../core/errors.ts";
import { scaffold } from "../normalize/suggest/scaffold.ts";
import { type GivenOptions, givenMessages } from "./given-messages.ts";

export interface ScaffoldOptions extends GivenOptions {
  readonly topic?: string;
  readonly write?: string;
}

/** Prints the file, or writes it where none is yet. */
export async function scaffoldProfile(name: string, options: ScaffoldOptions): Promise<void> {
  if (!/^[a-z0-9][a-z0-9_-]*\/[a-z0-9][a-z0-9_.-]*$/.test(name))
    throw new GatewayError("usage", `"${name}": a profile is named maker/model in lower case`);
  // Where it is sent counts for the examples only; a template stands for a topic of its form.
  const given = options.topic?.replace(/\{[^{}]*\}/g, "example-1") ?? "example/device-1";
  const samples = await givenMessages(options, given);
  const made = scaffold({ profile: name, topic: options.topic, samples });
  if ("problem" in made) throw new GatewayError("usage", made.problem);
  if (options.write === undefined) {
    process.stdout.write(made.yaml);
    return;
  }
  const file = join(options.write, `${name}.yaml`);
  await writeNew(file, made.yaml);
  process.stdout.write(
    `wrote ${file}\nnext: look through it, then: sluicegate profile test ${file}\n`,
  );
}
