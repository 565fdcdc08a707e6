/** Mean and variance of values that are not kept. */
export class Moments {
  count: number;
  mean: number;
  /** Sum of the squares of what they are off the mean. */
  squares: number;

  constructor(count = 0, mean = 0, squares = 0) {
    this.count = count;
    this.mean = mean;
    this.squares = squares;
  }

  get deviation(): number {
    return this.count < 2 ? 0 : Math.sqrt(this.squares / (this.count - 1));
  }

  /** Once there are `most`, each value takes the weight of one of the former. */
  add(value: number, most = Number.POSITIVE_INFINITY): void {
    if (this.count >= most) this.squares *= (most - 1) / most;
    else this.count += 1;
    const off = value - this.mean;
    this.mean += off / this.count;
    this.squares += off * (value - this.mean);
  }

  join({ count, mean, squares }: Moments): void {
    if (count === 0) return;
    const all = this.count + count;
    const off = mean - this.mean;
    this.squares += squares + (off * off * this.count * count) / all;
    this.mean += (off * count) / all;
    this.count = all;
  }
}
