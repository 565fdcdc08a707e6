import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Files of a certificate and its key. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority in a folder, made by openssl. */
export class TestAuthority {
  readonly #folder: string;
  readonly files: CertificateFiles;

  private constructor(folder: string, files: CertificateFiles) {
    this.#folder = folder;
    this.files = files;
  }

  static async create(folder: string, name: string): Promise<TestAuthority> {
    const files = filesOf(folder, name);
    await openssl(["req", "-x509", ...newKey(files), "-subj", `/CN=${name}`, "-days", "30"]);
    return new TestAuthority(folder, files);
  }

  /** Signs a certificate for a name, on loopback; `days` from now, negative ones are over. */
  async sign(name: string, days = 30): Promise<CertificateFiles> {
    const files = filesOf(this.#folder, name);
    const request = `${files.cert}.csr`;
    await openssl([
      ...["req", ...newKey(files, request), "-subj", `/CN=${name}`],
      ...["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
    ]);
    await openssl([
      ...["x509", "-req", "-in", request, "-out", files.cert, "-days", String(days)],
      ...["-CA", this.files.cert, "-CAkey", this.files.key, "-CAcreateserial"],
      ...["-copy_extensions", "copy"],
    ]);
    return files;
  }
}

function filesOf(folder: string, name: string): CertificateFiles {
  return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

function newKey({ cert, key }: CertificateFiles, out = cert): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"].concat([
    "-keyout",
    key,
    "-out",
    out,
  ]);
}

async function openssl(args: readonly string[]): Promise<void> {
  await run("openssl", args);
}
