/** The size of a node, in units of the picture. */
export const nodeWidth = 116;
export const nodeHeight = 46;
