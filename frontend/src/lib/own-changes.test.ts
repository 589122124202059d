import { describe, expect, it } from 'vitest'
import { arrival } from './own-changes'

describe('a value that arrives', () => {
  it("is somebody else's when we did not set it, and what we set before is over", () => {
    expect(arrival([], 'a')).toEqual({ ours: false, sent: [] })
    expect(arrival(['b'], 'a')).toEqual({ ours: false, sent: [] })
  })

  it('is ours when it comes late, one after the other', () => {
    const first = arrival(['a', 'b', 'c'], 'a')
    expect(first).toEqual({ ours: true, sent: ['b', 'c'] })
    expect(arrival(first.sent, 'b')).toEqual({ ours: true, sent: ['c'] })
  })

  it('ends the wait for those that it overtook', () => {
    expect(arrival(['a', 'b'], 'b')).toEqual({ ours: true, sent: [] })
  })
})
