import { describe, expect, it } from 'vitest'
import { EditHistory } from './edit-history'

function at(clock: { now: number }) {
  return new EditHistory(() => clock.now)
}

describe('the steps that undo takes back', () => {
  it('are words, not letters: keys in quick order are one step', () => {
    const history = at({ now: 0 })
    history.note(1, '', 'H')
    history.note(1, 'H', 'Hi')
    expect(history.undo()).toEqual({ number: 1, before: '', after: 'Hi' })
    expect(history.undo()).toBeUndefined()
  })

  it('are two when one rested between, or went to another text', () => {
    const clock = { now: 0 }
    const history = at(clock)
    history.note(1, '', 'H')
    clock.now = 1000
    history.note(1, 'H', 'Hi')
    history.note(2, '', 'x')
    expect(history.undo()?.number).toBe(2)
    expect(history.undo()?.before).toBe('H')
    expect(history.undo()?.before).toBe('')
  })

  it('cannot be done again once something else was typed', () => {
    const history = at({ now: 0 })
    history.note(1, '', 'H')
    history.undo()
    history.note(1, '', 'J')
    expect(history.can).toEqual({ undo: true, redo: false })
  })

  it('do not reach into a text that somebody else changed', () => {
    const history = at({ now: 0 })
    history.note(1, '', 'H')
    history.note(2, '', 'x')
    history.forget(1)
    expect(history.undo()?.number).toBe(2)
    expect(history.undo()).toBeUndefined()
  })
})
