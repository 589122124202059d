/** Collects names and hands them over together, at once when it is quiet and at most once in `gapMs` when it is not. */
export class Batcher {
  private readonly waiting = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private lastFlush = Number.NEGATIVE_INFINITY

  constructor(
    private readonly deliver: (names: Set<string>) => void,
    private readonly gapMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(...names: string[]): void {
    for (const name of names) this.waiting.add(name)
    if (this.timer !== undefined || this.waiting.size === 0) return
    const wait = Math.max(0, this.lastFlush + this.gapMs - this.now())
    this.timer = setTimeout(() => {
      this.flush()
    }, wait)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.waiting.clear()
  }

  private flush(): void {
    this.timer = undefined
    this.lastFlush = this.now()
    const names = new Set(this.waiting)
    this.waiting.clear()
    this.deliver(names)
  }
}
