/** A page that looks: reads the live stream of a console, whatever comes, until it is ended. */
import { answer, readArguments } from "./answer.ts";
import type { StreamReaderArguments } from "./reports.ts";

const { token, url } = readArguments<StreamReaderArguments>();
const stream = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
if (!stream.ok || !stream.body) throw new Error(`${url} answers ${stream.status}`);
let frames = 0;
let bytes = 0;
answer({ status: stream.status });
process.on("SIGTERM", () => process.exit(0));
for await (const chunk of stream.body) {
  bytes += chunk.length;
  frames += 1;
}
process.stderr.write(`the stream ended after ${frames} parts, ${bytes} bytes\n`);
