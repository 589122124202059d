import { describe, expect, test } from 'vitest'
import { fieldWords } from './field-words'

describe('the parts of a template in words', () => {
  test.each([
    ['system_text', 'Instructions'],
    ['brief.voice', 'Voice'],
    ['shape.3.limit', 'Text 3, limit'],
    ['shape.7', 'Text 7'],
    ['shape', 'shape'],
    ['shape.2.colour', 'Text 2, colour'],
    ['something.new', 'something.new'],
  ])('%s is “%s”', (field, words) => {
    expect(fieldWords(field)).toBe(words)
  })
})
