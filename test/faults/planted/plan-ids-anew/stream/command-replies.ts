/** Replies are taken for those of the step, whichever of its ids they name. */
import {
  followReplies as realFollow,
  repliesOf as realOf,
  type StoredReply,
} from "../../../../../src/stream/command-replies.ts";

export * from "../../../../../src/stream/command-replies.ts";

function withoutEnd(stored: StoredReply): StoredReply {
  const command = stored.reply.command.replace(/\.anew-.*$/, "");
  return { ...stored, reply: { ...stored.reply, command } };
}

export const followReplies: typeof realFollow = async function* (...given) {
  for await (const stored of realFollow(...given)) yield withoutEnd(stored);
};

export const repliesOf: typeof realOf = async (...given) =>
  (await realOf(...given)).map(withoutEnd);
