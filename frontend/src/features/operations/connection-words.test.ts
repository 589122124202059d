import { expect, it } from 'vitest'
import { connectionWords } from './connection-words'

it('a wrong key, a missing add-on and a vendor out of reach are three different things', () => {
  const titles = ['vendor_key_refused', 'vendor_plan_missing', 'vendor_unreachable'].map(
    (code) => connectionWords('Woodpecker', code).title,
  )
  expect(new Set(titles).size).toBe(3)
})

it('a vendor out of reach puts no blame on the key', () => {
  for (const code of ['deadline_passed', 'connection_cut', 'vendor_fault']) {
    expect(connectionWords('Woodpecker', code)).toEqual(connectionWords('Woodpecker', 'vendor_unreachable'))
  }
})

it('what nobody foresaw is told in the vendor’s own words', () => {
  expect(connectionWords('Woodpecker', 'request_refused').next).toBeNull()
})
