/**
 * What `-o json` of each command prints, by the name that stands in `schema`. A member that goes away or
 * becomes another makes a form the next version; members that come are none.
 */
import { alertsForms } from "./alerts-forms.ts";
import { boxForms } from "./box-forms.ts";
import { commandsForms } from "./commands-forms.ts";
import { devicesForms } from "./devices-forms.ts";
import { pastForms } from "./past-forms.ts";
import { peopleForms } from "./people-forms.ts";
import { rulesForms } from "./rules-forms.ts";

export const forms = {
  ...boxForms,
  ...devicesForms,
  ...commandsForms,
  ...alertsForms,
  ...rulesForms,
  ...pastForms,
  ...peopleForms,
};

/** The form of an answer and its version: `devices/1`. */
export type FormName = keyof typeof forms;
