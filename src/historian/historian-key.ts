/** Where in the bucket of positions it stands how far history is written. */
export const historianKey = "historian";
