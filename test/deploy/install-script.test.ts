/** The script itself, with real packages that hold nothing; apt-get stands in, and installs nothing here. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isHere } from "../support/programs-here.ts";
import { tempFolder } from "../support/temp-folder.ts";

const mayRun = process.getuid?.() === 0 && isHere("dpkg-deb", "--version");

test.skipIf(!mayRun)(
  "install.sh finds its packages in a folder with spaces in its name",
  async () => {
    const folder = await tempFolder();
    const stick = join(folder, "USB DISK");
    await mkdir(stick);
    const architecture = execFileSync("dpkg", ["--print-architecture"], {
      encoding: "utf8",
    }).trim();
    for (const name of ["sluicegate", "sluicegate-node"]) {
      const tree = join(folder, name);
      await mkdir(join(tree, "DEBIAN"), { recursive: true });
      const control = `Package: ${name}\nVersion: 1.2.3\nArchitecture: ${architecture}\nMaintainer: a <a@b.example>\nDescription: nothing\n`;
      await writeFile(join(tree, "DEBIAN/control"), control);
      execFileSync("dpkg-deb", ["-b", tree, join(stick, `${name}_1.2.3_${architecture}.deb`)]);
    }
    const script = await readFile(new URL("../../deploy/install.sh", import.meta.url));
    await writeFile(join(stick, "install.sh"), script);
    await mkdir(join(folder, "bin"));
    const asked = join(folder, "asked");
    const aptGet = `#!/bin/sh\nfor one; do case $one in *.deb) realpath -e "$one" >> "${asked}" ;; esac; done\nexit 1\n`;
    await writeFile(join(folder, "bin/apt-get"), aptGet, { mode: 0o755 });
    const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` };
    const { stderr } = spawnSync("sh", [join(stick, "install.sh")], { env, encoding: "utf8" });
    expect(stderr).toContain("apt-get could not install it");
    const names = [
      `sluicegate_1.2.3_${architecture}.deb`,
      `sluicegate-node_1.2.3_${architecture}.deb`,
    ];
    expect((await readFile(asked, "utf8")).trim().split("\n")).toEqual(
      names.map((name) => join(stick, name)),
    );
  },
);
