/** A number with its unit; what it was counted over stands beside or is told when pointed at. */
interface QuantityProps {
  /** As text: `24.0`. */
  readonly number: string;
  readonly unit: string;
  /** `10 s mean`. */
  readonly window?: string;
}

export function Quantity({ number, unit, window }: QuantityProps) {
  return (
    <span class="number" title={window === undefined ? undefined : `${number} ${unit}, ${window}`}>
      {number} <span class="unit">{unit}</span>
    </span>
  );
}
