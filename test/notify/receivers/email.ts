import { createServer } from "node:net";
import { onTestFinished } from "vitest";
import { smtpServer } from "../../support/smtp-server.ts";
import type { ReceiverTrial } from "./trial.ts";

const entry = (port: number): object => ({
  kind: "email",
  smtp: `smtp://127.0.0.1:${port}`,
  starttls: false,
  from: "alerts@plant.example",
  to: ["ops@plant.example"],
});

export const trial: ReceiverTrial = {
  async taken() {
    const { letters, port } = await smtpServer();
    return { entry: entry(port), arrived: () => letters.map(({ text }) => text) };
  },
  async refused() {
    const { port } = await smtpServer({ recipient: () => ({ code: 550, text: "no such user" }) });
    return { entry: entry(port) };
  },
  async broken() {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    return { entry: { ...entry(port), timeout: "200ms" } };
  },
};
