/** Measures of the picture, in pixels. */
export const nodeWidth = 104;
export const nodeHeight = 60;
/** With room below a node for what is written of the edges beside it. */
export const rowHeight = 98;
