import { afterEach, describe, expect, it } from 'vitest'
import { atLeast, noteKnown, noteOwnChange } from './known'

describe('what an answer must contain at least', () => {
  afterEach(() => {
    noteKnown(null)
    noteOwnChange(Number.NEGATIVE_INFINITY)
  })

  it('is the newest change that was told', () => {
    noteKnown('41')
    noteKnown('42')
    expect(atLeast()).toBe('42')
  })

  it('is nothing while the server tells nothing', () => {
    expect(atLeast()).toBeNull()
    noteKnown('42')
    noteKnown(null)
    expect(atLeast()).toBeNull()
  })

  it('is one’s own answer for a while after a change of one’s own', () => {
    noteKnown('42')
    noteOwnChange(1000)
    expect(atLeast(5999)).toBeNull()
    expect(atLeast(6000)).toBe('42')
  })
})
