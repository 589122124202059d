import { describe, expect, it } from 'vitest'
import { hasLeft, leaves, withoutLeaving } from './leaving'

const page = () => ({ items: [{ id: 'a' }, { id: 'b' }], total: 7 })

describe('sequences whose decision is on its way', () => {
  it('stay out of the queue, whatever an older answer says', () => {
    leaves('a')
    expect(withoutLeaving(page())).toEqual({ items: [{ id: 'b' }], total: 6 })
    hasLeft('a')
  })

  it('come back when the server refused', () => {
    leaves('a')
    hasLeft('a')
    const told = page()
    expect(withoutLeaving(told)).toBe(told)
  })
})
