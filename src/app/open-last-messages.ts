import type { Disk } from "../core/disk.ts";
import type { Logger } from "../core/logger.ts";
import type { RecordLog } from "../core/record-log.ts";
import { LastMessages } from "../gateway/last-messages.ts";
import { LastMessagesFile, readLastMessages } from "../gateway/last-messages-file.ts";

export interface OpenLastMessages {
  readonly lastMessages: LastMessages;
  readonly file: LastMessagesFile;
}

/** What other brokers had kept, as far as it was stored, and the file that remembers it. */
export async function openLastMessages(
  disk: Disk,
  folder: string,
  log: RecordLog,
  logger: Logger,
): Promise<OpenLastMessages> {
  const lastMessages = new LastMessages(await readLastMessages(disk, folder), {
    remembered: (last, seq) => file.add(last, seq),
  });
  const file = new LastMessagesFile({
    ...{ disk, folder, log, logger },
    all: () => lastMessages.all(),
  });
  return { lastMessages, file };
}
