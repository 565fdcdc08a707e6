import { describe, expect, it } from "vitest";
import { maskAddress, maskSecrets } from "../../src/core/mask-secrets.ts";

describe("maskSecrets", () => {
  it.each([
    "url: nats://user:hunter2@host:4222",
    "url: nats://user:hun@ter2@host",
    "url: nats://user:hunter2/x@host",
    "servers: [user:hunter2@host]",
    "url: https://host/hook?token=hunter2&x=1",
    "url: https://host/hook?room=1&sig=hunter2",
    "password: hunter2",
    'password: "hun, ter2"',
    "password: hun, ter2 and more",
    "{ user: a, password: hunter2, topic: b }",
    "{ password_hash: '$7$101$hunter2$x' }",
    "joe:$7$101$hunter2$salt",
    "pasword: hunter2",
    "api_key: hunter2",
    "Authorization: Bearer hunter2",
    "TOKEN=hunter2 sluicegate run",
  ])("leaves nothing of a secret in %j, and every column where it was", (text) => {
    const masked = maskSecrets(text);
    expect(masked).not.toMatch(/hunter2|hun\b|ter2|salt/);
    expect(masked).toHaveLength(text.length);
  });

  it("shows behind a name no words but those of the program for what the system refused", () => {
    for (const secret of ["permission denied", "hunter (ENOENT)", "(EACCES)", "it (EIO)"])
      expect(maskSecrets(`password: ${secret}`)).not.toContain(secret);
  });

  it("leaves alone what is none", () => {
    for (const text of [
      "topic: sensors/a@b/state",
      "secret: { env: HOOK_SECRET }",
      "url: nats://host:4222",
      "listen: 127.0.0.1:1883",
      "mail: duty@example.com",
      "cannot read /etc/sluicegate/password: there is no such file (ENOENT)",
      "cannot read tokens: permission denied (EACCES); the others were read",
    ])
      expect(maskSecrets(text)).toBe(text);
    expect(maskAddress("write password: HASH")).toBe("write password: HASH");
  });
});
