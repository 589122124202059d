import { describe, expect, it } from 'vitest'
import { IN_SIGHT, inSightFirst } from './in-sight'

const list = (from: number, many: number) => Array.from({ length: many }, (_, index) => `row ${from + index}`)
const itself = (row: string) => row

describe('a list whose rows change', () => {
  it('is new where people look, and keeps its length for the moment', () => {
    const before = list(0, 50)
    const rows = list(100, 50)
    const shown = inSightFirst(rows, before, itself)
    expect(shown.slice(0, IN_SIGHT)).toEqual(rows.slice(0, IN_SIGHT))
    expect(shown.slice(IN_SIGHT)).toEqual(before.slice(IN_SIGHT))
  })

  it('then is the new one to its end', () => {
    const rows = list(100, 50)
    expect(inSightFirst(rows, rows, itself)).toBe(rows)
  })

  it('shows nobody twice who came up from below', () => {
    const before = list(0, 50)
    const shown = inSightFirst([...before].reverse(), before, itself)
    expect(new Set(shown).size).toBe(shown.length)
  })

  it('of few rows is drawn at once', () => {
    const rows = list(100, 3)
    expect(inSightFirst(rows, list(0, 50), itself)).toBe(rows)
  })
})
