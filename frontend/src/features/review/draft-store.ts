/** Edits of one sequence between the keyboard and the server: saved after a short rest, never lost, never silently overwriting. */

import { EditHistory, type Step } from './edit-history'

export type Texts = Record<number, string>
export type Versioned = { version: number; snippets: { number: number; text: string }[] }
export type Phase = 'saved' | 'waiting' | 'saving' | 'offline' | 'conflict'
export type SaveResult<S> =
  | { outcome: 'saved'; sequence: S }
  | { outcome: 'conflict'; current: S }
  | { outcome: 'unreachable' }
  | { outcome: 'refused'; error: unknown }

/** `base`: the server's words under the edits. */
export type Kept = { version: number; base: Texts; texts: Texts }
export type DraftState<S> = {
  server: S
  edits: Texts
  phase: Phase
  theirs: S | null
  error: unknown
  can: { undo: boolean; redo: boolean }
}

export type DraftDeps<S> = {
  save: (version: number, texts: Texts) => Promise<SaveResult<S>>
  /** Called with the edits that the server does not have yet; empty when it has all. */
  keep: (kept: Kept) => void
  onSaved: (sequence: S, before: S) => void
}

const REST_MS = 700
const RETRY_MS = 4000

export class DraftStore<S extends Versioned> {
  private state: DraftState<S>
  private readonly listeners = new Set<() => void>()
  private readonly history = new EditHistory()
  // Texts of saves whose answer never came: found on the server, they are ours and no clash.
  private readonly sent = new Map<number, Set<string>>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | null = null
  private stopped = false

  constructor(
    server: S,
    private readonly deps: DraftDeps<S>,
    kept: Kept | null = null,
  ) {
    this.state = { server, edits: {}, phase: 'saved', theirs: null, error: null, can: this.history.can }
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
    const before = this.state.edits[number] ?? textOf(this.state.server, number)
    if (before === text) return
    this.history.note(number, before, text)
    this.write(number, text)
  }

  /** Takes the last change back; returns where it was. */
  undo(): Step | undefined {
    const step = this.history.undo()
    if (step) this.write(step.number, step.before)
    return step
  }

  redo(): Step | undefined {
    const step = this.history.redo()
    if (step) this.write(step.number, step.after)
    return step
  }

  /** The server's present record arrived, by a refetch. Edits stay; a clash is shown, not resolved. */
  receive(server: S): void {
    if (this.running || server.version <= this.state.server.version) return
    this.adopt(server)
  }

  /** Saves what is there; resolves to whether the server has everything now. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer)
    if (this.stopped) return this.clean
    while (!this.clean && this.state.phase !== 'conflict') {
      await (this.running ?? this.send())
      if (this.state.phase === 'offline' || this.state.error !== null) break
    }
    return this.clean
  }

  /** After a clash: a person said what stands in the texts that clashed. The other edits stay as they are.
   *  `over`: their words that were looked at. Newer ones are not overwritten: the clash stays. */
  settleClash(stands: Texts, over: Texts): void {
    const { theirs, edits } = this.state
    if (!theirs || !areSame(over, clashing(edits, theirs))) return
    for (const number of Object.keys(stands)) this.history.forget(Number(number))
    const wanted = different({ ...edits, ...stands }, theirs)
    this.set({ server: theirs, theirs: null, edits: wanted, phase: 'waiting', error: null })
    this.keep()
    if (this.clean) this.set({ phase: 'saved' })
    else void this.flush()
  }

  /** Gives up what the server does not have; what it has, stands. */
  discard(): void {
    const server = this.state.theirs ?? this.state.server
    this.set({ server, theirs: null, edits: {}, phase: 'saved', error: null })
    this.keep()
  }

  /** Sends nothing any more: somebody else works in this browser now. What was kept, stays kept. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private write(number: number, text: string): void {
    const { [number]: _before, ...others } = this.state.edits
    const isServers = text === textOf(this.state.server, number) && !this.running
    this.set({ edits: isServers ? others : { ...others, [number]: text }, error: null })
    this.keep()
    if (this.state.phase === 'conflict') return
    this.set({ phase: this.clean ? 'saved' : 'waiting' })
    if (!this.clean) this.schedule(REST_MS)
  }

  private restore({ version, base, texts }: Kept): void {
    const { server } = this.state
    const edits = different(texts, server)
    if (Object.keys(edits).length === 0) {
      this.keep()
      return
    }
    const clash =
      version !== server.version &&
      Object.keys(edits).some((key) => textOf(server, Number(key)) !== base[Number(key)])
    this.state = {
      ...this.state,
      edits,
      phase: clash ? 'conflict' : 'waiting',
      theirs: clash ? server : null,
    }
    if (!clash) this.schedule(REST_MS)
  }

  private adopt(server: S): void {
    const { edits, server: before } = this.state
    const changed = server.snippets.map(({ number }) => number).filter(differs(before, server))
    const clash = changed.some((number) => {
      const theirs = textOf(server, number)
      return number in edits && theirs !== edits[number] && !this.sent.get(number)?.has(theirs)
    })
    // An open clash is decided by a person only: `before` may hold what clashed already.
    if (clash || this.state.phase === 'conflict') {
      this.set({ phase: 'conflict', theirs: server })
      return
    }
    for (const number of changed) if (!(number in edits)) this.history.forget(number)
    this.set({ server, edits: different(edits, server), theirs: null })
    this.keep()
    this.set({ phase: this.clean ? 'saved' : 'waiting' })
    if (!this.clean) this.schedule(0)
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), delay)
  }

  private send(): Promise<void> {
    const sent = this.state.edits
    for (const [number, text] of Object.entries(sent)) {
      const known = this.sent.get(Number(number)) ?? new Set()
      this.sent.set(Number(number), known.add(text))
    }
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
        const before = this.state.server
        const edits = Object.fromEntries(
          Object.entries(this.state.edits).filter(([number, text]) => text !== sent[Number(number)]),
        )
        this.sent.clear()
        this.set({ server: result.sequence, edits, error: null })
        this.keep()
        this.set({ phase: this.clean ? 'saved' : 'waiting' })
        this.deps.onSaved(result.sequence, before)
        if (!this.clean) this.schedule(REST_MS)
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

  private keep(): void {
    const { server, edits } = this.state
    const base = Object.fromEntries(Object.keys(edits).map((key) => [key, textOf(server, Number(key))]))
    this.deps.keep({ version: server.version, base, texts: edits })
  }

  private set(change: Partial<DraftState<S>>): void {
    this.state = { ...this.state, ...change, can: this.history.can }
    for (const listener of this.listeners) listener()
  }
}

export function textOf(sequence: Versioned, number: number): string {
  return sequence.snippets.find((snippet) => snippet.number === number)?.text ?? ''
}

/** Their words where they are others than mine. */
export function clashing(mine: Texts, theirs: Versioned): Texts {
  const numbers = Object.keys(different(mine, theirs)).map(Number)
  return Object.fromEntries(numbers.map((number) => [number, textOf(theirs, number)]))
}

export function areSame(one: Texts, other: Texts): boolean {
  const numbers = Object.keys({ ...one, ...other }).map(Number)
  return numbers.every((number) => one[number] === other[number])
}

/** The texts that are not the server's already. */
function different(texts: Texts, server: Versioned): Texts {
  return Object.fromEntries(
    Object.entries(texts).filter(([number, text]) => text !== textOf(server, Number(number))),
  )
}

function differs(one: Versioned, other: Versioned): (number: number) => boolean {
  return (number) => textOf(one, number) !== textOf(other, number)
}
