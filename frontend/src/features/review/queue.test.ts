import { describe, expect, it } from 'vitest'
import { measure } from './limits'
import { afterLeaving, neighbour, nextOnes } from './queue'

describe('the queue', () => {
  it('stops at its ends', () => {
    expect(neighbour(['a', 'b'], 'b', 1)).toBe('b')
    expect(neighbour(['a', 'b'], 'a', -1)).toBe('a')
  })

  it('begins at the start when the one shown is not in it', () => {
    expect(neighbour(['a', 'b'], 'x', 1)).toBe('a')
    expect(neighbour([], 'x', 1)).toBeUndefined()
  })

  it('shows the next one after a decision, and the one before after the last', () => {
    expect(afterLeaving(['a', 'b', 'c'], 'b')).toBe('c')
    expect(afterLeaving(['a', 'b', 'c'], 'c')).toBe('b')
    expect(afterLeaving(['a'], 'a')).toBeUndefined()
  })
})

describe('limits', () => {
  it('count characters as people see them, not as UTF-16 does', () => {
    expect(measure('Hi 👋', { unit: 'characters', limit: 4 }).tone).toBe('ok')
  })

  it('count words across line breaks', () => {
    expect(measure('one two\n\nthree', { unit: 'words' }).value).toBe(3)
  })

  it('tell a missed aim from a broken limit', () => {
    expect(measure('12345', { unit: 'characters', target: 4, limit: 6 }).tone).toBe('over_target')
    expect(measure('1234567', { unit: 'characters', target: 4, limit: 6 }).tone).toBe('over_limit')
  })
})

describe('what is loaded ahead', () => {
  it('are the next ones, nearest first, as far as there are any', () => {
    expect(nextOnes(['a', 'b', 'c', 'd'], 'a', 2)).toEqual(['b', 'c'])
    expect(nextOnes(['a', 'b'], 'b', 2)).toEqual([])
  })

  it('is the head of the queue when the open one is not in it', () => {
    expect(nextOnes(['a', 'b', 'c'], 'x', 2)).toEqual(['a', 'b'])
  })
})
