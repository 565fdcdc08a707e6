/** Icons: a shape for each state and thing. They are never alone, a word stands beside. */

/** Paths on a field of 16 by 16, drawn in lines; those that begin with `!` are filled. */
const shapes = {
  overview: "M2.5 2.5h4.5v5h-4.5zM9 2.5h4.5v3h-4.5zM9 7.5h4.5v6h-4.5zM2.5 9.5h4.5v4h-4.5z",
  devices: "M3 4.5h10v7h-10zM6 14h4M8 11.5v2.5M5.5 2h5",
  live: "M1.5 8h3l2-5 3 10 2-5h3",
  alerts: "M8 2.5a4 4 0 0 1 4 4v3l1.5 2.5h-11l1.5-2.5v-3a4 4 0 0 1 4-4zM6.5 14h3",
  deadLetters: "M2 4h12v8.5h-12zM2 4.5l6 4.5 6-4.5",
  flow: "M3.5 5.5a2 2 0 1 0 0-.01M3.5 13a1.5 1.5 0 1 0 0-.01M12.5 8a1.5 1.5 0 1 0 0-.01M5.5 5.5l5.5 2M5 12.5l6-3.5",
  plans: "M3 3.5h2v2h-2zM3 10.5h2v2h-2zM7.5 4.5h6M7.5 11.5h6M4 5.5v5",
  system:
    "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4",
  more: "!M3 9.2a1.2 1.2 0 1 1 0-2.4 1.2 1.2 0 0 1 0 2.4zM8 9.2a1.2 1.2 0 1 1 0-2.4 1.2 1.2 0 0 1 0 2.4zM13 9.2a1.2 1.2 0 1 1 0-2.4 1.2 1.2 0 0 1 0 2.4z",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.7 3.7",
  filter: "M2 3.5h12l-4.5 5.5v4l-3-1.5v-2.5z",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.5 3.5 6.5-7.5",
  copy: "M5.5 5.5h7.5v8h-7.5zM10.5 5.5v-3h-7.5v8h2.5",
  down: "M4 6.5l4 4 4-4",
  up: "M4 9.5l4-4 4 4",
  right: "M6.5 4l4 4-4 4",
  left: "M9.5 4l-4 4 4 4",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "!M5 3l8 5-8 5z",
  save: "M8 2.5v7.5M4.5 7l3.5 3.5 3.5-3.5M2.5 13.5h11",
  table: "M2.5 3.5h11v9.5h-11zM2.5 6.5h11M6.5 6.5v6.5",
  chart: "M2.5 2.5v11h11M4.5 10.5l3-3.5 2 2 4-5",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5v1.5M1 8h1.5M13.5 8h1.5M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
  moon: "M13.5 9.5a6 6 0 0 1-7-7 6 6 0 1 0 7 7z",
  monitor: "M2 3h12v8h-12zM6 13.5h4",
  user: "M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM2.8 14a5.2 5.2 0 0 1 10.4 0",
  help: "M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M8 12v.01",
  empty: "M2 9.5l2-6h8l2 6v4h-12zM2 9.5h3.5l1 2h3l1-2h3.5",
  error: "M8 1.8a6.2 6.2 0 1 0 0 12.4 6.2 6.2 0 0 0 0-12.4zM8 4.8v4M8 11v.01",
  critical: "!M8 1.5l7 12.5h-14z",
  warning: "M8 2.5l6 11h-12zM8 6.5v3.5M8 12v.01",
  info: "M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM8 7.2v4M8 5v.01",
  ok: "M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM5.3 8.2l2 2 3.5-4",
  silent: "M8 2l6 6-6 6-6-6z",
  linked: "!M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  buffering: "!M3 3h10v10h-10z",
  draining: "M8 2.5v10M4 8.8l4 4 4-4",
  blocked: "M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM3.8 3.8l8.4 8.4",
  dropping: "M4 4l8 8M12 4l-8 8",
  connecting: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5",
} as const;

export type IconName = keyof typeof shapes;

interface IconProps {
  readonly name: IconName;
}

/** Takes the size of its text and the color of it. */
export function Icon({ name }: IconProps) {
  const shape: string = shapes[name];
  const isFilled = shape.startsWith("!");
  return (
    <svg
      class={isFilled ? "icon icon-filled" : "icon"}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={isFilled ? shape.slice(1) : shape} />
    </svg>
  );
}
