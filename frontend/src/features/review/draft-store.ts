/** Edits of one sequence between the keyboard and the server: saved after a short rest, never lost, never silently overwriting. */

export type Texts = Record<number, string>
export type Versioned = { version: number; snippets: { number: number; text: string }[] }
export type Phase = 'saved' | 'waiting' | 'saving' | 'offline' | 'conflict'
export type SaveResult<S> =
  | { outcome: 'saved'; sequence: S }
  | { outcome: 'conflict'; current: S }
  | { outcome: 'unreachable' }
  | { outcome: 'refused'; error: unknown }

export type DraftState<S> = { server: S; edits: Texts; phase: Phase; theirs: S | null; error: unknown }

export type DraftDeps<S> = {
  save: (version: number, texts: Texts) => Promise<SaveResult<S>>
  /** Called with the edits that the server does not have yet; empty when it has all. */
  keep: (version: number, edits: Texts) => void
  onSaved: (sequence: S) => void
}

const REST_MS = 700
const RETRY_MS = 4000

export class DraftStore<S extends Versioned> {
  private state: DraftState<S>
  private readonly listeners = new Set<() => void>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | null = null

  constructor(
    server: S,
    private readonly deps: DraftDeps<S>,
    kept: { version: number; edits: Texts } | null = null,
  ) {
    this.state = { server, edits: {}, phase: 'saved', theirs: null, error: null }
    if (kept) this.restore(kept)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = (): DraftState<S> => this.state

  get clean(): boolean {
    return Object.keys(this.state.edits).length === 0
  }

  type(number: number, text: string): void {
    const { [number]: _before, ...others } = this.state.edits
    const unchanged = text === textOf(this.state.server, number) && !this.running
    const edits: Texts = unchanged ? others : { ...others, [number]: text }
    this.set({ edits, error: null })
    this.deps.keep(this.state.server.version, edits)
    if (this.state.phase === 'conflict') return
    this.set({ phase: this.clean ? 'saved' : 'waiting' })
    if (!this.clean) this.schedule(REST_MS)
  }

  /** The server's present record arrived, by a refetch. Edits stay; a clash is shown, not resolved. */
  receive(server: S): void {
    if (this.running || server.version <= this.state.server.version) return
    this.adopt(server)
  }

  /** Saves what is there; resolves to whether the server has everything now. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer)
    while (!this.clean && this.state.phase !== 'conflict') {
      await (this.running ?? this.send())
      if (this.state.phase === 'offline' || this.state.error !== null) break
    }
    return this.clean
  }

  /** After a clash: my words stand, on top of what is there now. */
  keepMine(): void {
    if (!this.state.theirs) return
    this.set({ server: this.state.theirs, theirs: null, phase: 'waiting' })
    void this.flush()
  }

  takeTheirs(): void {
    if (!this.state.theirs) return
    this.set({ server: this.state.theirs, theirs: null, edits: {}, phase: 'saved', error: null })
    this.deps.keep(this.state.server.version, {})
    this.deps.onSaved(this.state.server)
  }

  private restore({ version, edits }: { version: number; edits: Texts }): void {
    const unsaved = Object.fromEntries(
      Object.entries(edits).filter(([number, text]) => text !== textOf(this.state.server, Number(number))),
    )
    if (Object.keys(unsaved).length === 0) return
    const clash = version !== this.state.server.version
    this.state = {
      ...this.state,
      edits: unsaved,
      phase: clash ? 'conflict' : 'waiting',
      theirs: clash ? this.state.server : null,
    }
    if (!clash) this.schedule(REST_MS)
  }

  private adopt(server: S): void {
    const { edits, server: before } = this.state
    const clash = Object.keys(edits).some((key) => {
      const number = Number(key)
      const theirs = textOf(server, number)
      return theirs !== textOf(before, number) && theirs !== edits[number]
    })
    if (clash) {
      this.set({ phase: 'conflict', theirs: server })
      return
    }
    const mine = Object.fromEntries(
      Object.entries(edits).filter(([number, text]) => text !== textOf(server, Number(number))),
    )
    this.set({
      server,
      edits: mine,
      phase: Object.keys(mine).length === 0 ? 'saved' : 'waiting',
      theirs: null,
    })
    this.deps.keep(server.version, mine)
    if (!this.clean) this.schedule(0)
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), delay)
  }

  private send(): Promise<void> {
    const sent = this.state.edits
    this.set({ phase: 'saving' })
    const run = this.deps.save(this.state.server.version, sent).then((result) => {
      this.running = null
      this.settle(sent, result)
    })
    this.running = run
    return run
  }

  private settle(sent: Texts, result: SaveResult<S>): void {
    switch (result.outcome) {
      case 'saved': {
        const edits = Object.fromEntries(
          Object.entries(this.state.edits).filter(([number, text]) => text !== sent[Number(number)]),
        )
        const done = Object.keys(edits).length === 0
        this.set({ server: result.sequence, edits, phase: done ? 'saved' : 'waiting', error: null })
        this.deps.keep(result.sequence.version, edits)
        this.deps.onSaved(result.sequence)
        if (!done) this.schedule(REST_MS)
        return
      }
      case 'conflict':
        this.adopt(result.current)
        return
      case 'unreachable':
        this.set({ phase: 'offline' })
        this.schedule(RETRY_MS)
        return
      case 'refused':
        this.set({ phase: 'waiting', error: result.error })
    }
  }

  private set(change: Partial<DraftState<S>>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}

export function textOf(sequence: Versioned, number: number): string {
  return sequence.snippets.find((snippet) => snippet.number === number)?.text ?? ''
}
