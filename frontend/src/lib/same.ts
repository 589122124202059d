import { replaceEqualDeep } from '@tanstack/react-query'
import { useState } from 'react'

/** The value given before for as long as the new one says the same, so that whoever is handed it is not drawn again. */
export function useSame<T>(value: T): T {
  const [kept, keep] = useState(value)
  const same: T = replaceEqualDeep(kept, value)
  if (same !== kept) keep(same)
  return same
}
