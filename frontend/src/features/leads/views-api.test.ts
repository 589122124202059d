import { describe, expect, it } from 'vitest'
import { readView } from './views-api'

describe('a saved view', () => {
  it('gives back filter, sorting and columns', () => {
    const query = { search: { q: 'ann', sort: '-company', tag: 'fair' }, columns: ['name', 'custom.shoe'] }
    expect(readView({ query })).toEqual(query)
  })

  it('survives whatever an earlier page put into it', () => {
    expect(readView({ query: {} })).toEqual({ search: {}, columns: undefined })
    expect(readView({ query: { search: 'q=ann', columns: [1, 'name', null] } })).toEqual({
      search: {},
      columns: ['name'],
    })
    expect(readView({ query: { search: { admin: true, q: 7 } } }).search).toEqual({ q: '7' })
  })
})
