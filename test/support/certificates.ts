import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
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
  async sign(
    name: string,
    days = 30,
    reachedAt = "IP:127.0.0.1,DNS:localhost",
  ): Promise<CertificateFiles> {
    const files = filesOf(this.#folder, name);
    const request = `${files.cert}.csr`;
    await openssl([
      ...["req", ...newKey(files, request), "-subj", `/CN=${name}`],
      ...["-addext", `subjectAltName=${reachedAt}`],
    ]);
    await openssl([
      ...["x509", "-req", "-in", request, "-out", files.cert, "-days", String(days)],
      ...["-CA", this.files.cert, "-CAkey", this.files.key, "-CAcreateserial"],
      ...["-copy_extensions", "copy"],
    ]);
    return files;
  }

  /** A list (CRL) with certificates of this authority that count no more. */
  async revoke(...revoked: readonly CertificateFiles[]): Promise<string> {
    const of = (name: string): string => join(this.#folder, name);
    await writeFile(of("index.txt"), "");
    await writeFile(
      of("ca.cnf"),
      `[ca]\ndefault_ca = ca_of_test\n[ca_of_test]\ndatabase = ${of("index.txt")}\ndefault_md = sha256\n`,
    );
    const signer = ["-config", of("ca.cnf"), "-cert", this.files.cert, "-keyfile", this.files.key];
    for (const { cert } of revoked) await openssl(["ca", ...signer, "-revoke", cert]);
    await openssl(["ca", ...signer, "-gencrl", "-crldays", "30", "-out", of("revoked.crl")]);
    return readFile(of("revoked.crl"), "utf8");
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
