/** Collects what is to be done and hands it over together, at once when it is quiet and at most once in `gapMs` when it is not. */
export class Batcher<Item> {
  private waiting: Item[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private lastFlush = Number.NEGATIVE_INFINITY

  constructor(
    private readonly deliver: (items: Item[]) => void,
    private readonly gapMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(item: Item): void {
    this.waiting.push(item)
    if (this.timer !== undefined) return
    const wait = Math.max(0, this.lastFlush + this.gapMs - this.now())
    this.timer = setTimeout(() => {
      this.flush()
    }, wait)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.waiting = []
  }

  private flush(): void {
    this.timer = undefined
    this.lastFlush = this.now()
    const items = this.waiting
    this.waiting = []
    this.deliver(items)
  }
}
