import { describe, expect, it } from 'vitest'
import { bytes, cappedTotal, duration, exactTime, plural, timeFromNow, usd } from './format'

describe('money', () => {
  it('shows cents, and more digits only where cents would hide the value', () => {
    expect(usd('12.345678')).toBe('$12.35')
    expect(usd('0.001234')).toBe('$0.00123')
    expect(usd('0.000000')).toBe('$0.00')
  })
})

describe('totals', () => {
  it('say that they are capped', () => {
    expect(cappedTotal(10001, true)).toContain('more than')
    expect(cappedTotal(10000, false)).not.toContain('more than')
  })

  it('know one from many', () => {
    expect(plural(1, 'lead')).toBe('1 lead')
    expect(plural(2, 'person', 'people')).toBe('2 people')
  })
})

describe('times', () => {
  const now = Date.parse('2026-03-10T12:00:00Z')

  it('are exact to the second when asked, and a dash when they are none', () => {
    expect(exactTime('2026-03-10T11:30:42Z')).toMatch(/2026.*:30:42/)
    expect(exactTime('soon')).toBe('–')
  })

  it('are relative within a week and dates beyond it', () => {
    expect(timeFromNow('2026-03-10T11:59:50Z', now)).toBe('just now')
    expect(timeFromNow('2026-03-10T11:30:00Z', now)).toContain('30')
    expect(timeFromNow('2026-01-10T11:30:00Z', now)).toContain('2026')
  })

  it('never take zero seconds', () => {
    expect(duration(0.2)).toBe('1 s')
    expect(duration(5400)).toBe('1.5 h')
  })
})

it('sizes keep one digit below ten', () => {
  expect(bytes(1_500_000)).toBe('1.5 MB')
  expect(bytes(512)).toBe('512 B')
})
