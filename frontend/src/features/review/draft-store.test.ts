import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DraftStore, type Kept, type SaveResult, type Texts, type Versioned } from './draft-store'

/** A server with state: keeps texts and a version, refuses old versions, can be cut off. */
class FakeServer {
  version = 1
  texts: Texts = { 1: 'Subject', 2: 'Body' }
  reachable = true
  /** Takes saves, but its answers get lost. */
  mute = false
  saves = 0

  record(): Versioned {
    return {
      version: this.version,
      snippets: Object.entries(this.texts).map(([number, text]) => ({ number: Number(number), text })),
    }
  }

  readonly save = (version: number, texts: Texts): Promise<SaveResult<Versioned>> => {
    if (!this.reachable) return Promise.resolve({ outcome: 'unreachable' })
    if (version !== this.version) return Promise.resolve({ outcome: 'conflict', current: this.record() })
    this.saves += 1
    this.texts = { ...this.texts, ...texts }
    this.version += 1
    if (this.mute) return Promise.resolve({ outcome: 'unreachable' })
    return Promise.resolve({ outcome: 'saved', sequence: this.record() })
  }

  /** A colleague saves. */
  changeBehindOnesBack(number: number, text: string): void {
    this.texts = { ...this.texts, [number]: text }
    this.version += 1
  }
}

function open(server: FakeServer, kept: Kept | null = null) {
  const browser: { kept: Texts } = { kept: {} }
  const store = new DraftStore(
    server.record(),
    {
      save: server.save,
      keep: ({ texts }) => {
        browser.kept = texts
      },
      onSaved: () => undefined,
    },
    kept,
  )
  return { store, browser }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('edits of a sequence', () => {
  it('are saved once after a rest, not with every key', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    store.type(2, 'B')
    store.type(2, 'Bo')
    store.type(2, 'Bod')
    await vi.advanceTimersByTimeAsync(1000)
    expect(server.saves).toBe(1)
    expect(server.texts[2]).toBe('Bod')
    expect(store.snapshot().phase).toBe('saved')
  })

  it('are kept in the browser until the server has them', async () => {
    const server = new FakeServer()
    const { store, browser } = open(server)
    server.reachable = false
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(1000)
    expect(store.snapshot().phase).toBe('offline')
    expect(browser.kept).toEqual({ 2: 'Mine' })
    server.reachable = true
    await vi.advanceTimersByTimeAsync(5000)
    expect(server.texts[2]).toBe('Mine')
    expect(browser.kept).toEqual({})
  })

  it('to different snippets by two people are both kept', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    server.changeBehindOnesBack(1, 'Theirs')
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.texts).toEqual({ 1: 'Theirs', 2: 'Mine' })
  })

  it('to one snippet by two people ask instead of overwriting', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    server.changeBehindOnesBack(2, 'Theirs')
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(2000)
    expect(store.snapshot().phase).toBe('conflict')
    expect(server.texts[2]).toBe('Theirs')
    store.settleClash({ 2: 'Mine' }, { 2: 'Theirs' })
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.texts[2]).toBe('Mine')
  })

  it('can be given up for what the colleague wrote', async () => {
    const server = new FakeServer()
    const { store, browser } = open(server)
    server.changeBehindOnesBack(2, 'Theirs')
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(2000)
    store.settleClash({ 2: 'Theirs' }, { 2: 'Theirs' })
    expect(store.clean).toBe(true)
    expect(browser.kept).toEqual({})
    expect(server.texts[2]).toBe('Theirs')
  })

  it('that were kept come back after a closed laptop and are saved', async () => {
    const server = new FakeServer()
    const { store } = open(server, { version: 1, base: { 2: 'Body' }, texts: { 2: 'From yesterday' } })
    expect(store.snapshot().edits).toEqual({ 2: 'From yesterday' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(server.texts[2]).toBe('From yesterday')
  })

  it('that were kept are saved when only other texts changed meanwhile', async () => {
    const server = new FakeServer()
    server.changeBehindOnesBack(1, 'Theirs')
    open(server, { version: 1, base: { 2: 'Body' }, texts: { 2: 'From yesterday' } })
    await vi.advanceTimersByTimeAsync(1000)
    expect(server.texts).toEqual({ 1: 'Theirs', 2: 'From yesterday' })
  })

  it('that were kept for other words ask first', () => {
    const server = new FakeServer()
    server.changeBehindOnesBack(2, 'Theirs')
    const { store } = open(server, { version: 1, base: { 2: 'Body' }, texts: { 2: 'From yesterday' } })
    expect(store.snapshot().phase).toBe('conflict')
  })

  it('typed while a save is on its way are saved next', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    store.type(2, 'First')
    const saving = store.flush()
    store.type(2, 'Second')
    await saving
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.texts[2]).toBe('Second')
    expect(store.clean).toBe(true)
  })

  it('taken back by hand leave nothing to save', () => {
    const server = new FakeServer()
    const { store } = open(server)
    store.type(2, 'Mine')
    store.type(2, 'Body')
    expect(store.clean).toBe(true)
    expect(store.snapshot().phase).toBe('saved')
  })

  it('follow the server silently where nothing was edited', () => {
    const server = new FakeServer()
    const { store } = open(server)
    server.changeBehindOnesBack(1, 'Theirs')
    store.receive(server.record())
    expect(store.snapshot().server.version).toBe(2)
    expect(store.snapshot().phase).toBe('saved')
  })

  it('whose answer got lost are no clash with oneself', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    server.mute = true
    store.type(2, 'First')
    await vi.advanceTimersByTimeAsync(1000)
    expect(store.snapshot().phase).toBe('offline')
    server.mute = false
    store.type(2, 'First and second')
    await vi.advanceTimersByTimeAsync(6000)
    expect(store.snapshot().phase).toBe('saved')
    expect(server.texts[2]).toBe('First and second')
  })

  it('that clash stay a clash when the other goes on with something else', async () => {
    const server = new FakeServer()
    server.changeBehindOnesBack(2, 'Theirs')
    const { store } = open(server, { version: 1, base: { 2: 'Body' }, texts: { 2: 'Mine' } })
    server.changeBehindOnesBack(1, 'More of theirs')
    store.receive(server.record())
    await vi.advanceTimersByTimeAsync(10_000)
    expect(store.snapshot().phase).toBe('conflict')
    expect(server.texts[2]).toBe('Theirs')
  })

  it('can be settled text by text with words of both', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    server.changeBehindOnesBack(2, 'Theirs')
    store.type(1, 'My subject')
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(2000)
    store.settleClash({ 2: 'Theirs and mine' }, { 1: 'Subject', 2: 'Theirs' })
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.texts).toEqual({ 1: 'My subject', 2: 'Theirs and mine' })
  })

  it('that clash are not saved over words that nobody has looked at', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    server.changeBehindOnesBack(2, 'Theirs')
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(2000)
    server.changeBehindOnesBack(2, 'Theirs, longer')
    store.receive(server.record())
    store.settleClash({ 2: 'Theirs and mine' }, { 2: 'Theirs' })
    expect(store.snapshot().phase).toBe('conflict')
    store.settleClash({ 2: 'Theirs, longer, and mine' }, { 2: 'Theirs, longer' })
    await vi.advanceTimersByTimeAsync(2000)
    expect(server.texts[2]).toBe('Theirs, longer, and mine')
  })

  it('are sent by nobody else after their author left', async () => {
    const server = new FakeServer()
    const { store, browser } = open(server)
    store.type(2, 'Mine')
    store.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(server.saves).toBe(0)
    expect(browser.kept).toEqual({ 2: 'Mine' })
  })

  it('can be undone and done again, also past the jump back to the model’s words', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(1000)
    store.type(2, 'Body')
    await vi.advanceTimersByTimeAsync(1000)
    expect(server.texts[2]).toBe('Body')
    store.undo()
    await vi.advanceTimersByTimeAsync(1000)
    expect(server.texts[2]).toBe('Mine')
    store.undo()
    store.redo()
    await vi.advanceTimersByTimeAsync(1000)
    expect(server.texts[2]).toBe('Mine')
    expect(store.snapshot().can).toEqual({ undo: true, redo: true })
  })

  it('cannot be undone into what a colleague wrote since', async () => {
    const server = new FakeServer()
    const { store } = open(server)
    store.type(2, 'Mine')
    await vi.advanceTimersByTimeAsync(1000)
    server.changeBehindOnesBack(2, 'Theirs')
    store.receive(server.record())
    expect(store.undo()).toBeUndefined()
    expect(server.texts[2]).toBe('Theirs')
  })
})
