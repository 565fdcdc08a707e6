/** From the fields of a profile that say how bytes are read to the codec that reads them so. */

import type { Codec } from "../codecs/codec.ts";
import { codecOptions } from "../codecs.ts";
import type { OpenStage } from "../open.ts";
import { anyPath, type FaultPath, type Report } from "./build-report.ts";
import type { CodecForm } from "./codec-form.ts";
import type { ProfileFile } from "./profile-file.ts";

/** How a message of a profile is read, from the outside to the inside. */
export interface Reading {
  readonly codec: Codec;
  readonly open: readonly OpenStage[];
}

/** A stage of `open` whose codec has no field beside it reads by that of the profile. */
export function buildReading(file: ProfileFile, report: Report): Reading {
  const stages = file.open === undefined ? [] : [file.open].flat();
  for (const field of fieldsOf(file))
    if (![file, ...stages].some(({ codec }) => codec.options === field))
      report([field], `nothing here is read by a codec that has ${field}`);
  return {
    codec: configured(file, {}, ["codec"], report),
    open: stages.map((stage, at) => {
      const place = Array.isArray(file.open) ? ["open", at] : ["open"];
      for (const field of fieldsOf(stage))
        if (stage.codec.options !== field)
          report([...place, field], `the codec ${stage.codec.name} has no ${field}`);
      const path = anyPath(stage.path, [...place, "path"], report);
      if (path.wildcard === "leaves")
        report([...place, "path"], "** cannot be opened; write the way with keys and one *");
      const codec = configured(stage, file, [...place, "codec"], report);
      return { path, encoding: stage.encoding, codec };
    }),
  };
}

function configured(
  form: CodecForm,
  outer: Partial<CodecForm>,
  place: FaultPath,
  report: Report,
): Codec {
  const { codec } = form;
  const field = fieldNames.find((name) => name === codec.options);
  const chosen = field && (form[field] ?? outer[field]);
  if (chosen === undefined && codec.needsOptions)
    report(place, `the codec ${codec.name} needs ${codec.options}`);
  return chosen ?? codec;
}

const fieldNames = Object.keys(codecOptions).filter(isField);

function isField(name: string): name is keyof typeof codecOptions {
  return Object.hasOwn(codecOptions, name);
}

function fieldsOf(form: CodecForm): (keyof typeof codecOptions)[] {
  return fieldNames.filter((name) => form[name] !== undefined);
}
