import { describe, expect, it } from "vitest";
import { runValidate, type ValidateArgs } from "../../src/cli/validate.ts";
import { readYaml } from "../../src/config/read-yaml.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { requireSite } from "../../src/config/site/require-site.ts";
import type { SiteFiles } from "../../src/config/site/site-files.ts";
import { freezerRules, memorySite, siteText } from "../support/memory-site.ts";

const broken = memorySite({
  "sluicegate.yaml": `${siteText}bufer: {}\n`,
  "rules/cold.yaml": freezerRules.replace("10m", "10 minutes"),
});
const warned = memorySite({ "sluicegate.yaml": `${siteText}rules: { files: ["no/*.yaml"] }\n` });

async function validate(files: SiteFiles, changes: Partial<ValidateArgs> = {}) {
  let stdout = "";
  let stderr = "";
  const status = await runValidate(
    { path: "sluicegate.yaml", output: "text", strict: false, printEffective: false, ...changes },
    {
      files,
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
    },
  );
  return { status, stdout, stderr };
}

describe("runValidate", () => {
  it("says that nothing is wrong", async () => {
    const { status, stdout, stderr } = await validate(memorySite());
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "0 errors, 0 warnings in 3 files\n",
      stderr: "",
    });
  });

  it("shows every fault of every file with its line, and fails", async () => {
    const { status, stdout } = await validate(broken);
    expect(status).toBe(1);
    expect(stdout).toBe(
      [
        'rules/cold.yaml:8:14 error[rule.bad-duration] "10 minutes" is not a duration',
        "   8 |         for: 10 minutes",
        "     |              ^^^^^^^^^^ write 10m",
        'sluicegate.yaml:5:1 error[config.unknown-field] unknown field "bufer"',
        "   5 | bufer: {}",
        "     | ^^^^^ did you mean buffer?",
        "2 errors, 0 warnings in 3 files",
        "",
      ].join("\n"),
    );
  });

  it("lets warnings pass unless it is strict", async () => {
    expect(await validate(warned)).toMatchObject({ status: 0 });
    expect(await validate(warned, { strict: true })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("0 errors, 1 warning in 2 files"),
    });
  });

  it("prints nothing but one object as JSON", async () => {
    const { status, stdout, stderr } = await validate(broken, { output: "json" });
    expect(JSON.parse(stdout)).toMatchObject({ errors: 2, warnings: 0, files: 3 });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  });

  it("prints a configuration with every default, which reads back as the same one", async () => {
    const { status, stdout, stderr } = await validate(memorySite(), { printEffective: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "0 errors, 0 warnings in 3 files\n" });
    expect(readYaml(stdout)).toMatchObject({
      value: {
        site: "plant-a",
        buffer: { max_bytes: "2GiB", hold_back: { time: "10m" } },
        sources: [{ kind: "mqtt-broker", listen: "127.0.0.1:1883" }],
        devices: [{ id: "freezer-07", tags: {} }],
        notify: { receivers: { log: { kind: "log", format: "json" } } },
      },
    });
    const first = await loadSite("sluicegate.yaml", memorySite());
    const second = await loadSite("sluicegate.yaml", memorySite({ "sluicegate.yaml": stdout }));
    if (!first.ok || !second.ok) throw new Error("a site is not right");
    expect(second.site.config).toEqual(first.site.config);
  });

  it("prints the faults instead where there is no valid configuration to print", async () => {
    const { status, stdout } = await validate(broken, { printEffective: true });
    expect(status).toBe(1);
    expect(stdout).toContain("2 errors");
    expect(stdout).not.toContain("max_bytes");
  });
});

describe("requireSite", () => {
  it("gives the site and prints its warnings", async () => {
    let printed = "";
    const site = await requireSite("sluicegate.yaml", warned, (text) => {
      printed += text;
    });
    expect(site.config.site).toBe("plant-a");
    expect(printed).toContain("warning[config.no-rule-files]");
  });

  it("refuses a wrong site with the exit status of a wrong configuration", async () => {
    let printed = "";
    const site = requireSite("sluicegate.yaml", broken, (text) => {
      printed += text;
    });
    await expect(site).rejects.toMatchObject({
      code: "config.invalid",
      exitStatus: 78,
      message: "2 errors, 0 warnings in 3 files; correct them and start again",
    });
    expect(printed).toContain("did you mean buffer?");
  });

  it("says when there is no configuration", async () => {
    const site = requireSite("none.yaml", memorySite(), () => {});
    await expect(site).rejects.toMatchObject({ code: "config.unreadable", exitStatus: 78 });
  });
});
