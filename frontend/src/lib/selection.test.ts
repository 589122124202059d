import { describe, expect, it } from 'vitest'
import { filterParams, leadFilterFrom, selectionSearchFrom, toSelection } from './selection'

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

  it('carries a tag and a custom field', () => {
    const search = selectionSearchFrom({ tag: 'fair', custom: 'shoe:7:a' })
    expect(toSelection(search)).toEqual({ filter: { tag: 'fair', custom: { shoe: '7:a' } } })
    expect(filterParams(leadFilterFrom({ custom: 'shoe:7' }))).toEqual({ 'custom.shoe': '7' })
  })

  it('asks for whoever has a custom field when it has no value', () => {
    expect(filterParams(leadFilterFrom({ custom: 'shoe', tag: '' }))).toEqual({ 'custom.shoe': '' })
    expect(toSelection({ custom: 'shoe' })).toEqual({ filter: { custom: { shoe: '' } } })
  })
})
