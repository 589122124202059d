/** Two people, one sequence, and a server whose questions and answers get lost: at random, but the same with the same seed. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  DraftStore,
  type Kept,
  type SaveResult,
  type Texts,
  type Versioned,
  clashing,
  textOf,
} from './draft-store'

const SEEDS = 150
const STEPS = 40
const WORD = /w\d+x/g

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

it('two people never lose a word of each other, whatever gets lost on the way', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const office = new Office(chances(seed))
    await office.work()
    expect(office.lost(), `seed ${seed}`).toEqual([])
  }
}, 60_000)

/** mulberry32: small, and good enough for dice. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

class Server {
  away = false
  private version = 1
  texts: Texts = { 1: 'Subject', 2: 'Body' }

  constructor(private readonly chance: () => number) {}

  record(): Versioned {
    const snippets = Object.entries(this.texts).map(([number, text]) => ({ number: Number(number), text }))
    return { version: this.version, snippets }
  }

  readonly save = async (version: number, texts: Texts): Promise<SaveResult<Versioned>> => {
    await wait(this.chance() * 600)
    if (this.away || this.chance() < 0.15) return { outcome: 'unreachable' }
    const clash = version !== this.version
    if (!clash) {
      this.texts = { ...this.texts, ...texts }
      this.version += 1
    }
    const present = this.record()
    await wait(this.chance() * 600)
    if (this.chance() < 0.25) return { outcome: 'unreachable' }
    return clash ? { outcome: 'conflict', current: present } : { outcome: 'saved', sequence: present }
  }
}

class Person {
  store!: DraftStore<Versioned>
  private kept: Kept | null = null

  constructor(private readonly server: Server) {
    this.open()
  }

  /** A page that is loaded, with what this browser kept; the page before keeps nothing any more. */
  open(): void {
    const keeper = { live: true }
    this.leave()
    this.leave = () => {
      keeper.live = false
      this.store.stop()
    }
    const keep = (kept: Kept) => {
      if (keeper.live) this.kept = Object.keys(kept.texts).length > 0 ? kept : null
    }
    const deps = { save: this.server.save, keep, onSaved: () => undefined }
    this.store = new DraftStore(this.server.record(), deps, this.kept)
  }

  text(number: number): string {
    const { edits, server } = this.store.snapshot()
    return edits[number] ?? textOf(server, number)
  }

  /** Keeps the words of both, as a careful person does. */
  merge(): void {
    const { theirs, edits } = this.store.snapshot()
    if (!theirs) return
    const looked = clashing(edits, theirs)
    const stands = Object.entries(looked).map(([key, their]) => {
      const mine = edits[Number(key)] ?? ''
      return [key, [mine, ...(their.match(WORD) ?? []).filter((word) => !mine.includes(word))].join(' ')]
    })
    this.store.settleClash(Object.fromEntries(stands) as Texts, looked)
  }

  private leave: () => void = () => undefined
}

class Office {
  private readonly server: Server
  private readonly people: Person[]
  private readonly words: [word: string, number: number][] = []

  constructor(private readonly chance: () => number) {
    this.server = new Server(chance)
    this.people = [new Person(this.server), new Person(this.server)]
  }

  async work(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      for (const person of this.people) if (this.chance() < 0.5) await this.act(person)
      await vi.advanceTimersByTimeAsync(this.chance() * 1500)
    }
    this.server.away = false
    for (let round = 0; round < 100 && !this.people.every(({ store }) => store.clean); round++) {
      for (const person of this.people) {
        person.merge()
        void person.store.flush()
      }
      await vi.advanceTimersByTimeAsync(2500)
    }
  }

  lost(): string[] {
    return this.words
      .filter(([word, number]) => !this.server.texts[number]?.includes(word))
      .map(([word]) => word)
  }

  private async act(person: Person): Promise<void> {
    const dice = this.chance()
    if (dice < 0.55) await this.type(person)
    else if (dice < 0.75) void this.refetch(person)
    else if (dice < 0.85) person.open()
    else if (dice < 0.9) this.server.away = !this.server.away
    else if (dice < 0.95) void person.store.flush()
    else person.merge()
  }

  /** Half a word, a rest that may be long enough for a save, and the word. */
  private async type(person: Person): Promise<void> {
    person.merge()
    const number = this.chance() < 0.5 ? 1 : 2
    const word = `w${this.words.length}x`
    person.store.type(number, `${person.text(number)} ${word.slice(0, 2)}`)
    await vi.advanceTimersByTimeAsync(this.chance() < 0.2 ? 800 : 20)
    // The fields of a clash take no letters.
    if (person.store.snapshot().phase === 'conflict') return
    person.store.type(number, `${person.text(number)} ${word}`)
    this.words.push([word, number])
  }

  /** An answer about how it was some time ago. */
  private async refetch(person: Person): Promise<void> {
    const { store } = person
    const then = this.server.record()
    await wait(this.chance() * 800)
    store.receive(then)
  }
}
