import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { onTestFinished } from "vitest";

export interface ReceivedLetter {
  readonly from: string;
  readonly to: readonly string[];
  /** Head and body, with line ends as they came. */
  readonly text: string;
  readonly encrypted: boolean;
}

/** What is answered in place of 250. */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

export interface SmtpTrial {
  readonly options?: SMTPServerOptions;
  /** Undefined: taken. */
  readonly sender?: () => Reply | undefined;
  readonly recipient?: (address: string) => Reply | undefined;
  readonly letter?: () => Reply | undefined;
}

/** A real SMTP server of the running test's own, that notes what it took. */
export async function smtpServer({ letter, options, recipient, sender }: SmtpTrial = {}) {
  const letters: ReceivedLetter[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onMailFrom: (_, __, done) => done(errorOf(sender?.())),
    onRcptTo: ({ address }, _, done) => done(errorOf(recipient?.(address))),
    onData(stream, session, done) {
      let text = "";
      stream.setEncoding("utf8");
      stream.on("data", (part: string) => {
        text += part;
      });
      stream.on("end", () => {
        const error = errorOf(letter?.());
        if (error) return done(error);
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : "";
        const to = rcptTo.map(({ address }) => address);
        letters.push({ from, to, text, encrypted: session.secure });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { letters, port };
}

function errorOf(reply: Reply | undefined): Error | undefined {
  return reply && Object.assign(new Error(reply.text), { responseCode: reply.code });
}
