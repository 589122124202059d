import { describe, expect, it } from 'vitest'
import { selectionSearchFrom, toSelection } from './selection'

describe('a selection in an address', () => {
  it('by ids is exactly those', () => {
    expect(toSelection(selectionSearchFrom({ ids: 'a,b' }))).toEqual({ ids: ['a', 'b'] })
  })

  it('by filter keeps the filter and the number one saw', () => {
    expect(toSelection(selectionSearchFrom({ status: 'imported', q: 'ann', expected: 12 }))).toEqual({
      filter: { status: ['imported'], q: 'ann' },
      expected_count: 12,
    })
  })

  it('ignores what it does not know', () => {
    expect(toSelection(selectionSearchFrom({ admin: 'true', expected: 'many', status: '' }))).toEqual({
      filter: {},
    })
  })
})
