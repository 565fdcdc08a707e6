/** How the line to the backbone is, in words: what it means and what to do. */
import type { LinkWord } from "../../api/shapes/status.ts";
import type { IconName } from "./icon.tsx";
import type { Tone } from "./pill.tsx";

export interface LinkWords {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly means: string;
}

export const linkWords: Readonly<Record<LinkWord, LinkWords>> = {
  linked: {
    word: "Linked",
    icon: "linked",
    tone: "normal",
    means: "The backbone takes what is sent and acknowledges it. There is nothing to do.",
  },
  connecting: {
    word: "Connecting",
    icon: "connecting",
    tone: "normal",
    means:
      "The line is being opened, or the stream is asked what it has. Data is taken in and kept on disk meanwhile. If this lasts, check the addresses of the servers.",
  },
  buffering: {
    word: "Buffering",
    icon: "buffering",
    tone: "warning",
    means:
      "The backbone is not reached. Data is safe on disk and goes out by itself when the line is back. Check the network and the server; until the buffer is full, nothing is lost.",
  },
  draining: {
    word: "Draining",
    icon: "draining",
    tone: "normal",
    means: "The line is back, and what waited goes out in its order. There is nothing to do.",
  },
  blocked: {
    word: "Blocked",
    icon: "blocked",
    tone: "critical",
    means:
      "The server is reached but refuses what is sent: wrong credentials, a stream that is full, or one that is set up otherwise. Data waits on disk. The reason says what to change on the server.",
  },
  dropping: {
    word: "Dropping",
    icon: "dropping",
    tone: "critical",
    means:
      "The buffer is at its limit, and the oldest data is given up: loss. Bring the backbone back, or give the buffer more room; what is lost stays counted.",
  },
};
