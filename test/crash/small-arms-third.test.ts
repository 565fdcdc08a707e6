import { declareSmallArms } from "./small-arms.ts";

declareSmallArms(2);
