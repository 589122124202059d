import { describe, expect, it } from 'vitest'
import { isTouched } from './changes'

const of = (kind: string, record: string | null = null) => ({ kind, record })

describe('what a change makes old', () => {
  it('is every list that shows it, and the record of all that happens', () => {
    expect(isTouched(['leads', 'list', {}], of('sequence', 's1'))).toBe(true)
    expect(isTouched(['home', 'now'], of('lead', 'l1'))).toBe(true)
    expect(isTouched(['audit', 'list'], of('view', 'v1'))).toBe(true)
  })

  it('is nothing that has to do with something else', () => {
    expect(isTouched(['templates', 'list'], of('lead', 'l1'))).toBe(false)
    expect(isTouched(['accounts', 'users'], of('export', 'e1'))).toBe(false)
  })

  it('is everything when the pages do not know its name', () => {
    expect(isTouched(['templates', 'list'], of('weather'))).toBe(true)
  })

  it('is one record’s own page only when it is that record, or many', () => {
    expect(isTouched(['review', 'one', 's1'], of('sequence', 's1'))).toBe(true)
    expect(isTouched(['review', 'one', 's1'], of('sequence', 's2'))).toBe(false)
    expect(isTouched(['review', 'one', 's1'], of('sequence'))).toBe(true)
  })

  it('leaves a text alone when only another lead is told of: its own change is told of as its own', () => {
    expect(isTouched(['review', 'one', 's1'], of('lead', 'l2'))).toBe(false)
    expect(isTouched(['leads', 'timeline', 'l1'], of('generation', 'g1'))).toBe(false)
    expect(isTouched(['leads', 'timeline', 'l1'], of('export', 'e1'))).toBe(true)
  })
})
