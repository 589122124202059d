const parts: Record<string, string> = {
  system_text: 'Instructions',
  person_text: 'What is said of the person',
  company: 'Company',
  product: 'What we sell',
  proof_points: 'Proof points',
  voice: 'Voice',
  forbidden_words: 'Words that must not appear',
  kind: 'kind',
  day: 'day',
  instruction: 'instruction',
  unit: 'what is counted',
  target_min: 'aim from',
  target_max: 'aim to',
  limit: 'limit',
  formatting: 'formatting',
}

/** A dotted path of the API in words: `shape.3.limit` is "Text 3, limit". */
export function fieldWords(field: string): string {
  const [first = '', second, third] = field.split('.')
  if (first === 'shape' && second)
    return third ? `Text ${second}, ${parts[third] ?? third}` : `Text ${second}`
  return parts[second ?? first] ?? field
}
