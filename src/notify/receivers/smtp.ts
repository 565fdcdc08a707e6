/**
 * One letter over one connection to an SMTP server. The one door of nodemailer, which is loaded when the
 * first letter is sent.
 */
import type { Clock } from "../../core/clock.ts";
import { judgeSmtp, type SmtpRefusal } from "../judge-smtp.ts";
import type { Delivery } from "../receiver.ts";
import type { ServerUrl } from "../server-url.ts";

export interface SmtpServer {
  readonly url: ServerUrl;
  /** The connection is encrypted before anything is said; else never, but for `smtps`. */
  readonly starttls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly ca: string | undefined;
  readonly timeoutMs: number;
}

export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** With its angle brackets. */
  readonly messageId: string;
  /** The letter that this one follows, which need not exist. */
  readonly follows: string;
  /** RFC 3339. */
  readonly sentAt: string;
  readonly urgent: boolean;
}

/** What became of it, and who took it. */
export interface LetterSent {
  readonly accepted: readonly string[];
  readonly delivery: Delivery;
}

/** A server that says something from time to time is let go all the same. */
const timeoutsInAll = 12;

/** Sends to some of those that it is for. Never rejects; ends once the signal is aborted. */
export async function sendLetter(
  letter: Letter,
  recipients: readonly string[],
  server: SmtpServer,
  clock: Clock,
  signal: AbortSignal,
): Promise<LetterSent> {
  const { host, port, secure } = server.url;
  const { default: SmtpConnection } = await import("nodemailer/lib/smtp-connection");
  const connection = new SmtpConnection({
    host,
    port,
    secure,
    requireTLS: !secure && server.starttls,
    ignoreTLS: !secure && !server.starttls,
    tls: { minVersion: "TLSv1.2", ...(server.ca !== undefined && { ca: server.ca }) },
    connectionTimeout: server.timeoutMs,
    greetingTimeout: server.timeoutMs,
    socketTimeout: server.timeoutMs,
    dnsTimeout: server.timeoutMs,
    maxResponseSize: 65_536,
  });
  let end = (_reason: string): void => {};
  const cutOff = new Promise<never>((_, reject) => {
    end = (reason): void => {
      reject(new Error(reason));
      connection.close();
    };
  });
  const stop = (): void => end("stopped before it was taken");
  const mostMs = timeoutsInAll * server.timeoutMs;
  const timer = clock.setTimer(mostMs, () => end(`not taken in ${mostMs} ms`));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const message = await Promise.race([compose(letter), cutOff]);
    await Promise.race([opened(connection), cutOff]);
    const { password = "", user } = server;
    if (user !== undefined)
      await Promise.race([
        called((done) => connection.login({ credentials: { user, pass: password } }, done)),
        cutOff,
      ]);
    const envelope = { from: letter.from, to: [...recipients] };
    const info = await Promise.race([sent(connection, envelope, message), cutOff]);
    connection.quit();
    return {
      accepted: info.accepted,
      delivery: judgeSmtp(info.rejectedErrors ?? [], info.rejected),
    };
  } catch (thrown) {
    connection.close();
    return { accepted: [], delivery: judgeSmtp([refusalOf(thrown)], []) };
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", stop);
  }
}

async function compose(letter: Letter): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const { follows, from, html, messageId, sentAt, subject, text, to, urgent } = letter;
  return new MailComposer({
    from,
    to: [...to],
    subject,
    text,
    html,
    messageId,
    inReplyTo: follows,
    references: follows,
    date: new Date(sentAt),
    // So that no absence is answered to us.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    ...(urgent && { priority: "high" }),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

type Connection = InstanceType<typeof import("nodemailer/lib/smtp-connection")["default"]>;

/** Errors that come later are those of what is under way, which says so itself. */
function opened(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.on("error", reject);
    connection.on("end", () => reject(new Error("the server closed the connection")));
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

function called(call: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });
}

function sent(
  connection: Connection,
  envelope: { from: string; to: string[] },
  message: Buffer,
): Promise<{ accepted: string[]; rejected: string[]; rejectedErrors?: SmtpRefusal[] | undefined }> {
  return new Promise((resolve, reject) => {
    connection.once("end", () => reject(new Error("the server closed the connection")));
    connection.send(envelope, message, (error, info) =>
      info ? resolve(info) : reject(error ?? new Error("the server said nothing")),
    );
  });
}

function refusalOf(thrown: unknown): SmtpRefusal {
  return thrown instanceof Error ? thrown : { message: String(thrown) };
}
