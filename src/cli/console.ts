/** `sluicegate console`: where the page of a running process is, with a link that signs in once. */
import { userInfo } from "node:os";
import { roleNames } from "../app/roles.ts";
import { statusSocketsOf } from "../config/status-socket.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { askRole } from "../telemetry/status-client.ts";
import { printAnswer } from "./print-answer.ts";
import { socketPlaceOf } from "./site.ts";

export interface ConsoleLinkOptions {
  readonly config: string;
  readonly socket?: string;
  readonly output?: "text" | "json";
}

/** Prints the link of each process of the configuration that serves one. */
export async function printConsoleLink({
  config,
  output,
  socket,
}: ConsoleLinkOptions): Promise<void> {
  const sockets =
    socket === undefined ? statusSocketsOf(await socketPlaceOf(config), roleNames) : [socket];
  const by = userInfo().username;
  const asked = await Promise.allSettled(
    sockets.map((one) => askRole(one, "console-link", { by })),
  );
  const answers = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const [failed] = asked.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (answers.length === 0) throw failed;
  const links = answers.flatMap((answer) =>
    isObject(answer) && typeof answer["link"] === "string" ? [answer["link"]] : [],
  );
  if (links.length === 0)
    throw new GatewayError(
      "status.unreachable",
      "the process that runs serves no console, or its port is taken; " +
        "set console.listen, such as 127.0.0.1:8080, and start it again",
    );
  printAnswer({ output }, "console-links/1", { links }, () => links);
  process.stderr.write("signs in whoever opens it within ten minutes, once\n");
}
